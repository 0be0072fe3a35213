namespace Portal.Application.Backups;

/// <summary>Copies the database as it is, ciphertext and all, into one file, and back; Portal.Database has one for each database.</summary>
/// <remarks>What an operator can mend is a <see cref="BackupException"/>.</remarks>
internal interface IDatabaseBackup
{
    /// <summary>Sqlite or Postgres: what one dumps the other cannot read.</summary>
    string Provider { get; }

    /// <returns>The last migration that was applied.</returns>
    Task<string> MigrationAsync(CancellationToken cancellationToken);

    /// <summary>Whether this version knows how to go on from there.</summary>
    bool Knows(string migration);

    /// <summary>Everything as of one moment, while the portal goes on.</summary>
    /// <param name="file">Made here, for its owner's eyes only.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    Task DumpAsync(string file, CancellationToken cancellationToken);

    /// <summary>Whether an organisation lives there.</summary>
    Task<bool> HasContentAsync(CancellationToken cancellationToken);

    /// <summary>Puts the dump in the place of whatever is there, and migrates it; when that does not work, what was there is there again.</summary>
    Task RestoreAsync(string file, CancellationToken cancellationToken);
}

/// <summary>A backup could not be made or used; the message says in words why.</summary>
public sealed class BackupException : Exception
{
    public BackupException(string message)
        : base(message)
    {
    }

    public BackupException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
