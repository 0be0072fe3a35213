namespace Portal.Smime.Keys;

public enum KeyStoreFailure
{
    /// <summary>The store does not answer now; trying later is sensible.</summary>
    Unavailable,

    /// <summary>No such key, or destroyed.</summary>
    NotFound,

    /// <summary>The key is there but disabled, or may not do this.</summary>
    Refused,

    /// <summary>The store cannot compute this at all.</summary>
    NotSupported,
}

/// <summary>A key store's failure, in words that are safe to show to an administrator: never key bytes, never input.</summary>
public sealed class KeyStoreException : Exception
{
    public KeyStoreException(KeyStoreFailure failure, string message)
        : base(message) => Failure = failure;

    public KeyStoreException(KeyStoreFailure failure, string message, Exception innerException)
        : base(message, innerException) => Failure = failure;

    public KeyStoreFailure Failure { get; }
}
