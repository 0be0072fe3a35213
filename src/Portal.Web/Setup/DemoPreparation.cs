using Portal.Application.Setup;
using Portal.Application.Setup.Demo;

namespace Portal.Web.Setup;

/// <summary>Fills an empty demo while its first page is there already.</summary>
internal sealed partial class DemoPreparation(
    InstallationSetup setup,
    DemoSeeding seeding,
    DemoProgress progress,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime,
    ILogger<DemoPreparation> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Making keys keeps a core busy; the first page goes before.
            await Task.Yield();
            if (!await setup.IsDoneAsync(stoppingToken))
            {
                await seeding.SeedAsync(configuration["Portal:Demo:Password"]!, progress.Reach, stoppingToken);
            }

            progress.Complete();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception);
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The demo could not be prepared. Delete its data directory and start again.")]
    private partial void LogFailed(Exception exception);
}
