using Npgsql;

namespace Portal.Database.Postgres;

/// <summary>PostgreSQL runs, but the connection string's user or database is not one of its own: waiting does not help.</summary>
internal static class Refusal
{
    public const string Mend = "Portal:Database:ConnectionString; on a new server run `portal migrate` first, which makes the login.";

    /// <summary>Class 28 is about who asks.</summary>
    public static bool Is(NpgsqlException exception) =>
        exception is PostgresException { SqlState: var state } && (state.StartsWith("28", StringComparison.Ordinal) || state == PostgresErrorCodes.InvalidCatalogName);

    public static string What(PostgresException exception) => $"PostgreSQL answers, but does not let the portal in: {exception.MessageText}.";
}
