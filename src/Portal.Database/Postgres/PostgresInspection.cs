using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Application.Checks;

namespace Portal.Database.Postgres;

internal sealed class PostgresInspection(DatabaseOptions options, DbContextOptions<PostgresDbContext> application) : IDatabaseInspection
{
    private const string Area = "database";

    public async Task<IReadOnlyList<Finding>> InspectAsync(CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        var place = $"{settings.Database} at {settings.Host}:{settings.Port} as {settings.Username}";
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(options.ConnectionString) { Pooling = false }.ToString());
            await connection.OpenAsync(cancellationToken);
            var findings = new List<Finding> { Finding.Ok(Area, $"PostgreSQL {connection.PostgreSqlVersion.Major}, {place}.") };
            findings.AddRange(await BoundAsync(cancellationToken));
            return findings;
        }
        catch (PostgresException exception)
        {
            return [Finding.Problem(Area, Refusal.What(exception), Refusal.Mend)];
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
        {
            return [Finding.Problem(Area, $"{place} does not answer: {exception.Message}", "Does the server run, and is Portal:Database:ConnectionString right?")];
        }
    }

    private async Task<IReadOnlyList<Finding>> BoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            await new PostgresReadiness(application).DemandAsync(cancellationToken);
            return
            [
                Finding.Ok("migrations", "The database is of this version, and so are its rights."),
                Finding.Ok("row-level security", "The application's user owns nothing and is bound by it."),
            ];
        }
        catch (DatabaseNotReadyException exception)
        {
            return [Finding.Problem(Area, exception.Message)];
        }
    }
}
