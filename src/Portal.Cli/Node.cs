using System.CommandLine;
using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Application;
using Portal.Application.Backups;
using Portal.Database;
using Portal.KeyStores;
using Portal.Smime.Keys;

namespace Portal.Cli;

/// <summary>With settings that count more than those of the environment.</summary>
internal sealed class ConfiguredInvocation(IConfiguration settings) : InvocationConfiguration
{
    public IConfiguration Settings => settings;
}

/// <summary>The portal's services without its web pages and workers.</summary>
internal static class Node
{
    private const string DataDirectory = "Portal:DataDirectory";

    public static ServiceProvider Start(ParseResult parsed)
    {
        var settings = new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables();
        if (parsed.InvocationConfiguration is ConfiguredInvocation configured)
        {
            settings.AddConfiguration(configured.Settings);
        }

        var configuration = settings.Build();
        if (string.IsNullOrEmpty(configuration[DataDirectory]))
        {
            // As the portal itself does.
            configuration[DataDirectory] = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "portal");
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
        var voice = new Voice(parsed);
        try
        {
            await using var provider = Start(parsed);
            return await command(provider, voice);
        }
        catch (Exception exception) when (IsForTheOperator(exception))
        {
            return await voice.RefuseAsync(exception.Message);
        }
        catch (DbException exception)
        {
            return await voice.RefuseAsync($"The database cannot be used: {exception.Message} `portal check` says more.");
        }
    }

    public static bool IsForTheOperator(Exception exception) => exception
        is BackupException or DatabaseNotReadyException or DatabaseUnavailableException or KeyStoreException or OptionsValidationException
        or IOException or UnauthorizedAccessException or ArgumentException;
}
