using Portal.Application;
using Portal.Application.KeyBroker;
using Portal.Application.KeyManagement;

namespace Portal.Web.Keys;

/// <summary>Keys and who holds them, in words. What is said about where keys are has to be true.</summary>
internal static class KeyWords
{
    public static string Purpose(KeyPurpose purpose) => purpose switch
    {
        KeyPurpose.SignMessage => KeyTexts.SignMessage,
        KeyPurpose.OpenMessage => KeyTexts.OpenMessage,
        KeyPurpose.UnwrapDataKey => KeyTexts.UnwrapDataKey,
        KeyPurpose.CertificateAuthority => KeyTexts.CertificateAuthority,
        KeyPurpose.AnswerForAuthority => KeyTexts.AnswerForAuthority,
        KeyPurpose.SignForDomain => KeyTexts.SignForDomain,
        KeyPurpose.SignNotice => KeyTexts.SignNotice,
        KeyPurpose.SignForList => KeyTexts.SignForList,
        KeyPurpose.OpenForList => KeyTexts.OpenForList,
        KeyPurpose.OpenSecureLink => KeyTexts.OpenSecureLink,
    };

    public static string Standing(KeyStanding standing) => standing switch
    {
        KeyStanding.InUse => KeyTexts.InUse,
        KeyStanding.Replaced => KeyTexts.Replaced,
        KeyStanding.Resting => KeyTexts.Resting,
        KeyStanding.Disabled => KeyTexts.Disabled,
        KeyStanding.Destroyed => KeyTexts.Destroyed,
    };

    public static string Owner(KeyRow row) => row.OwnerName switch
    {
        null => KeyTexts.TheOrganisation,
        "" => KeyTexts.SomebodyWhoLeft,
        var name => name,
    };

    public static string Residence(KeyStoreView store) => store.Residence switch
    {
        KeyResidence.Software => KeyTexts.InSoftware,
        KeyResidence.SoftwareSealedByOther => KeyTexts.InSoftwareSealed.With(store.SealedBy),
        KeyResidence.Token => KeyTexts.InToken,
        KeyResidence.Vault => KeyTexts.InVault,
        KeyResidence.NotConfigured => KeyTexts.NotConfigured,
    };

    public static string Obstacle(KeyObstacle obstacle) => obstacle switch
    {
        KeyObstacle.InUse => KeyTexts.ObstacleInUse,
        KeyObstacle.NamedByCertificate => KeyTexts.ObstacleCertificate,
        KeyObstacle.UnopenedMail => KeyTexts.ObstacleMail,
        KeyObstacle.UnwrapsData => KeyTexts.ObstacleData,
        KeyObstacle.SignsForDomain => KeyTexts.ObstacleDomain,
        KeyObstacle.IsAuthority => KeyTexts.ObstacleAuthority,
    };

    /// <summary>Milliseconds as long as they are few.</summary>
    public static string Duration(TimeSpan time) => time < TimeSpan.FromSeconds(1)
        ? $"{Math.Max(1, Math.Round(time.TotalMilliseconds)):0} ms"
        : $"{time.TotalSeconds:0.0} s";
}
