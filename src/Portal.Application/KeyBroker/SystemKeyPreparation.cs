using Microsoft.Extensions.Hosting;

namespace Portal.Application.KeyBroker;

/// <summary>The system key is there before the first request; without it the portal does not start.</summary>
internal sealed class SystemKeyPreparation(SystemKey systemKey) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => systemKey.PrepareAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
