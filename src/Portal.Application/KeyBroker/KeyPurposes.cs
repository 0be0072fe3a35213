using Portal.Application.Organisations;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

internal static class KeyPurposes
{
    public static KeyUse Use(this KeyPurpose purpose) => purpose switch
    {
        KeyPurpose.SignMessage or KeyPurpose.CertificateAuthority or KeyPurpose.AnswerForAuthority or KeyPurpose.SignForDomain or KeyPurpose.SignNotice or KeyPurpose.SignForList => KeyUse.Sign,
        KeyPurpose.OpenMessage or KeyPurpose.UnwrapDataKey or KeyPurpose.OpenForList or KeyPurpose.OpenSecureLink => KeyUse.Decrypt,
    };

    /// <summary>The store that an organisation has chosen for such keys.</summary>
    public static string Of(this KeyStoreChoice stores, KeyPurpose purpose) => purpose switch
    {
        KeyPurpose.SignMessage => stores.Signing,
        KeyPurpose.OpenMessage => stores.Opening,
        KeyPurpose.UnwrapDataKey or KeyPurpose.CertificateAuthority or KeyPurpose.SignForDomain or KeyPurpose.SignNotice
            or KeyPurpose.SignForList or KeyPurpose.OpenForList => stores.Own,

        // Asked by strangers, as often as they like; a certificate of 30 days is all that it can be misused for.
        KeyPurpose.AnswerForAuthority => KeyStoreOptions.Local,

        // So many that a vault would be slow and dear; its key wraps the one that seals them.
        KeyPurpose.OpenSecureLink => KeyStoreOptions.Local,
    };
}
