using Npgsql;

namespace Portal.Database.Postgres;

/// <summary>The roles: portal_app, to which everything is granted, and the login of the application, a member of it.</summary>
internal static class ApplicationRole
{
    public const string Group = "portal_app";

    /// <exception cref="DatabaseNotReadyException">The owner may not make roles.</exception>
    public static async Task EnsureAsync(NpgsqlConnection owner, NpgsqlConnectionStringBuilder application, CancellationToken cancellationToken)
    {
        var login = application.Username!;
        try
        {
            await CreateAsync(owner, Group, "create role %I nologin", null, cancellationToken);
            if (string.IsNullOrEmpty(application.Password))
            {
                await CreateAsync(owner, login, "create role %I login", null, cancellationToken);
            }
            else
            {
                await CreateAsync(owner, login, "create role %I login password %L", ScramVerifier.New(application.Password), cancellationToken);
            }

            if (!await AskAsync(owner, "select pg_has_role($1, $2, 'member')", [login, Group], cancellationToken))
            {
                await RunAsync(owner, "grant %I to %I", Group, login, cancellationToken);
            }
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new DatabaseNotReadyException(
                $"The database's owner may not make roles. Let an administrator run: create role {Group} nologin; "
                + $"create role \"{login}\" login password '…'; grant {Group} to \"{login}\"; (what is there already can be left out).",
                exception);
        }
    }

    private static async Task CreateAsync(
        NpgsqlConnection owner, string role, string statement, string? verifier, CancellationToken cancellationToken)
    {
        if (await AskAsync(owner, "select exists (select from pg_roles where rolname = $1)", [role], cancellationToken))
        {
            return;
        }

        try
        {
            await RunAsync(owner, statement, role, verifier, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
        {
            // Roles belong to the whole server: the migration of another database was first.
        }
    }

    private static async Task<bool> AskAsync(NpgsqlConnection owner, string query, string[] arguments, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(query, owner);
        foreach (var argument in arguments)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = argument });
        }

        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    // Role statements take no parameters: the server quotes, then runs.
    private static async Task RunAsync(NpgsqlConnection owner, string format, string first, string? second, CancellationToken cancellationToken)
    {
        await using var quote = new NpgsqlCommand("select format($1, $2::text, $3::text)", owner);
        quote.Parameters.Add(new NpgsqlParameter { Value = format });
        quote.Parameters.Add(new NpgsqlParameter { Value = first });
        quote.Parameters.Add(new NpgsqlParameter { Value = second ?? string.Empty });
        await using var run = owner.CreateCommand();
#pragma warning disable CA2100 // Quoted by the server's own format().
        run.CommandText = (string)(await quote.ExecuteScalarAsync(cancellationToken))!;
#pragma warning restore CA2100
        await run.ExecuteNonQueryAsync(cancellationToken);
    }
}
