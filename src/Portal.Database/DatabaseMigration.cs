namespace Portal.Database;

/// <summary>Brings the database to what this version needs, or says why that is not done here. Before the first request.</summary>
public abstract class DatabaseMigration
{
    private protected DatabaseMigration()
    {
    }

    /// <exception cref="DatabaseNotReadyException">It cannot be used; the message says what to do.</exception>
    /// <exception cref="DatabaseUnavailableException">It does not answer.</exception>
    public abstract Task RunAsync(CancellationToken cancellationToken);
}
