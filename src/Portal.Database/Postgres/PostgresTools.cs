using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Portal.Application.Backups;

namespace Portal.Database.Postgres;

/// <summary>pg_dump and pg_restore. Where the server is and the password go by environment, where no list of processes shows them.</summary>
internal sealed class PostgresTools(IConfiguration configuration)
{
    private const string Setting = $"{BackupOptions.Section}:{nameof(BackupOptions.PostgresTools)}";

    /// <returns>What the program wrote to standard output.</returns>
    /// <exception cref="BackupException">It is not there, or did not succeed.</exception>
    public async Task<string> RunAsync(string program, string connectionString, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Find(program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Environment(new NpgsqlConnectionStringBuilder(connectionString)))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new BackupException($"{program} cannot be started.");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        return process.ExitCode == 0 ? await output : throw new BackupException($"{program} did not succeed: {(await error).Trim()}");
    }

    private string Find(string program)
    {
        var directories = configuration[Setting] is { Length: > 0 } configured
            ? [configured]
            : (System.Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        return directories.Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists)
            ?? throw new BackupException(
                $"{program} is not found. Install PostgreSQL's client programs (Debian: postgresql-client), not older than the server, or name their directory in {Setting}.");
    }

    private static IEnumerable<(string Name, string Value)> Environment(NpgsqlConnectionStringBuilder settings)
    {
        yield return ("PGHOST", settings.Host ?? "localhost");
        yield return ("PGPORT", settings.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        yield return ("PGDATABASE", settings.Database ?? settings.Username!);
        yield return ("PGUSER", settings.Username!);
        yield return ("PGCLIENTENCODING", "UTF8");
        yield return ("PGSSLMODE", settings.SslMode switch
        {
            SslMode.VerifyCA => "verify-ca",
            SslMode.VerifyFull => "verify-full",
            _ => settings.SslMode.ToString().ToLowerInvariant(),
        });
        if (settings.Password is { Length: > 0 } password)
        {
            yield return ("PGPASSWORD", password);
        }

        if (settings.Passfile is { Length: > 0 } passfile)
        {
            yield return ("PGPASSFILE", passfile);
        }

        if (settings.RootCertificate is { Length: > 0 } root)
        {
            yield return ("PGSSLROOTCERT", root);
        }
    }
}
