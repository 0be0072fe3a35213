namespace Portal.Database;

/// <summary>Backup and restore.</summary>
internal sealed class BackupOptions
{
    public const string Section = "Portal:Backup";

    /// <summary>The directory of pg_dump and pg_restore, which must not be older than the server; the PATH unless set.</summary>
    public string? PostgresTools { get; init; }
}
