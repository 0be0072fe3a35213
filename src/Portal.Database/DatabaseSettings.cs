namespace Portal.Database;

/// <summary>Where the portal keeps everything.</summary>
internal sealed class DatabaseSettings
{
    public const string Section = "Portal:Database";

    /// <summary>Sqlite holds one organisation on one node; Postgres any number, on any number of nodes.</summary>
    public string Provider { get; init; } = nameof(DatabaseProvider.Sqlite);

    /// <summary>On PostgreSQL a login that owns nothing; for SQLite portal.db in the data directory unless set.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>PostgreSQL: who owns the tables; needed for "portal migrate", or for a node that migrates at its start.</summary>
    public string? OwnerConnectionString { get; init; }
}
