using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application;
using Portal.Database;
using Portal.KeyStores;

namespace Portal.Cli;

/// <summary>The portal's services without its web pages and workers.</summary>
internal static class Node
{
    public static ServiceProvider Start()
    {
        var configuration = new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .Build();
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
    public static async Task<int> RunAsync(Func<IServiceProvider, Task<int>> command)
    {
        try
        {
            await using var provider = Start();
            return await command(provider);
        }
        catch (Exception exception) when (exception is DatabaseNotReadyException or DatabaseUnavailableException or Smime.Keys.KeyStoreException or IOException or ArgumentException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}
