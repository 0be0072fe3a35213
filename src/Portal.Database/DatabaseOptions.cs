using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Portal.Database;

internal enum DatabaseProvider
{
    Sqlite,
    Postgres,
}

/// <summary>The settings, complete and understood.</summary>
/// <param name="Provider">SQLite holds one organisation, PostgreSQL any number.</param>
/// <param name="ConnectionString">As the application: on PostgreSQL a login role that owns nothing.</param>
/// <param name="OwnerConnectionString">PostgreSQL: the role that owns the tables and migrates them; none where somebody else migrates.</param>
internal sealed record DatabaseOptions(DatabaseProvider Provider, string ConnectionString, string? OwnerConnectionString)
{
    private const string Section = DatabaseSettings.Section;
    private const string DefaultFile = "portal.db";
    private const int PreparedStatements = 200;

    /// <exception cref="DatabaseNotReadyException">A setting is missing or makes no sense.</exception>
    public static DatabaseOptions Read(IConfiguration configuration)
    {
        var settings = configuration.GetSection(Section).Get<DatabaseSettings>() ?? new DatabaseSettings();
        var provider = settings.Provider;
        return Enum.TryParse<DatabaseProvider>(provider, ignoreCase: true, out var known) && Enum.IsDefined(known)
            ? known switch
            {
                DatabaseProvider.Sqlite => Sqlite(settings.ConnectionString, configuration["Portal:DataDirectory"]),
                DatabaseProvider.Postgres => Postgres(settings.ConnectionString, settings.OwnerConnectionString),
            }
            : throw new DatabaseNotReadyException($"{Section}:Provider is \"{provider}\"; it can be Sqlite or Postgres.");
    }

    private static DatabaseOptions Sqlite(string? connectionString, string? directory)
    {
        if (string.IsNullOrWhiteSpace(connectionString) && string.IsNullOrWhiteSpace(directory))
        {
            throw new DatabaseNotReadyException(
                $"Where shall the SQLite file be? Set Portal:DataDirectory to a directory, or {Section}:ConnectionString.");
        }

        var builder = Parse(() => new SqliteConnectionStringBuilder(connectionString));
        if (string.IsNullOrWhiteSpace(builder.DataSource))
        {
            builder.DataSource = Path.Combine(directory ?? string.Empty, DefaultFile);
        }

        builder.DataSource = Path.GetFullPath(builder.DataSource);
        builder.ForeignKeys = true;

        // A migration makes the file, for its owner's eyes only; a wrong place must not become an empty database.
        if (builder.Mode == SqliteOpenMode.ReadWriteCreate)
        {
            builder.Mode = SqliteOpenMode.ReadWrite;
        }

        return new DatabaseOptions(DatabaseProvider.Sqlite, builder.ToString(), null);
    }

    private static DatabaseOptions Postgres(string? connectionString, string? owner)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new DatabaseNotReadyException($"{Section}:ConnectionString is missing: PostgreSQL has to be named with host, database and user.");
        }

        var application = Parse(() => new NpgsqlConnectionStringBuilder(connectionString));
        if (string.IsNullOrWhiteSpace(application.Username))
        {
            throw new DatabaseNotReadyException($"{Section}:ConnectionString names no user.");
        }

        // What runs often is planned once for each connection; both spellings of the keyword are the operator's own choice.
        if (!connectionString.Replace(" ", string.Empty, StringComparison.Ordinal).Contains("MaxAutoPrepare", StringComparison.OrdinalIgnoreCase))
        {
            application.MaxAutoPrepare = PreparedStatements;
        }

        // Whatever a transaction sets ends with it.
        application.NoResetOnClose = true;
        if (string.IsNullOrWhiteSpace(owner))
        {
            return new DatabaseOptions(DatabaseProvider.Postgres, application.ToString(), null);
        }

        var owning = Parse(() => new NpgsqlConnectionStringBuilder(owner));
        return owning.Username == application.Username
            ? throw new DatabaseNotReadyException(
                $"{Section}:ConnectionString and :OwnerConnectionString name the same user. The application must own nothing, or row-level security does not hold.")
            : new DatabaseOptions(DatabaseProvider.Postgres, application.ToString(), owning.ToString());
    }

    // The string may carry a password: it is not repeated, and neither is the parser's message.
    private static TBuilder Parse<TBuilder>(Func<TBuilder> parse)
    {
        try
        {
            return parse();
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new DatabaseNotReadyException($"A connection string under {Section} cannot be read.");
        }
    }
}
