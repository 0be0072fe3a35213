using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Application;
using Portal.Application.Backups;
using Portal.Database;
using Portal.KeyStores;
using Portal.Smime.Keys;

namespace Portal.Cli;

/// <summary>The portal's services without its web pages and workers.</summary>
internal static class Node
{
    private const string DataDirectory = "Portal:DataDirectory";

    public static ServiceProvider Start()
    {
        var configuration = new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .Build();
        if (string.IsNullOrEmpty(configuration[DataDirectory]))
        {
            // As the portal itself does.
            configuration[DataDirectory] = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "portal");
        }

        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(TimeProvider.System)
            .AddLogging()
            .AddPortalApplication(configuration)
            .AddPortalDatabase(configuration)
            .AddPortalKeyStores(configuration)
            .BuildServiceProvider();
    }

    /// <summary>Runs a command; what the operator can mend is said in words, without a stack trace.</summary>
    public static async Task<int> RunAsync(ParseResult parsed, Func<IServiceProvider, Voice, Task<int>> command)
    {
        var voice = new Voice(parsed.GetValue(Voice.Json));
        try
        {
            await using var provider = Start();
            return await command(provider, voice);
        }
        catch (Exception exception) when (IsForTheOperator(exception))
        {
            return await voice.RefuseAsync(exception.Message);
        }
    }

    public static bool IsForTheOperator(Exception exception) => exception
        is BackupException or DatabaseNotReadyException or DatabaseUnavailableException or KeyStoreException or OptionsValidationException
        or IOException or UnauthorizedAccessException or ArgumentException;
}
