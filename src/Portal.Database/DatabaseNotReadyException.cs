namespace Portal.Database;

/// <summary>The database cannot be used as it is configured; the message says in words what to do.</summary>
public sealed class DatabaseNotReadyException : Exception
{
    public DatabaseNotReadyException(string message)
        : base(message)
    {
    }

    public DatabaseNotReadyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
