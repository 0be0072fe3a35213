namespace Portal.Application.KeyBroker;

/// <summary>What one use of a key is for: on record with it, and finer than the key's own purpose.</summary>
internal enum KeyTask
{
    SignMessage,
    OpenMessage,
    UnwrapDataKey,
    IssueCertificate,
    SignRevocationList,
    SignForDomain,
}

internal static class KeyTasks
{
    /// <summary>The only kind of key that may do it.</summary>
    public static KeyPurpose Purpose(this KeyTask task) => task switch
    {
        KeyTask.SignMessage => KeyPurpose.SignMessage,
        KeyTask.OpenMessage => KeyPurpose.OpenMessage,
        KeyTask.UnwrapDataKey => KeyPurpose.UnwrapDataKey,
        KeyTask.IssueCertificate or KeyTask.SignRevocationList => KeyPurpose.CertificateAuthority,
        KeyTask.SignForDomain => KeyPurpose.SignForDomain,
    };
}
