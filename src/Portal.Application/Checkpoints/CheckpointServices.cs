using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Application.Work;

namespace Portal.Application.Checkpoints;

internal static class CheckpointServices
{
    public static IServiceCollection AddCheckpoints(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CheckpointOptions>()
            .Bind(configuration.GetSection(CheckpointOptions.Section))
            .ValidateDataAnnotations()
            .Validate(
                options => options.KeepsToken,
                $"{CheckpointOptions.Section}:{nameof(CheckpointOptions.CheckpointToken)} would travel unprotected: the address has to be https.")
            .ValidateOnStart();

        // Addresses may carry secrets, and where a checkpoint goes is not for a redirection to decide.
        services.AddHttpClient(CheckpointTarget.Client)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
        services.AddSingleton<CheckpointTarget>();
        services.AddSingleton<IWorkHandler, CheckpointWork>();
        services.AddSingleton(provider => new AuditCheckpoints(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<InstallationSigning>(),
            provider.GetRequiredService<CheckpointTarget>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AuditCheckpoints>>()));
        services.AddSingleton(provider => new ChainExamination(
            provider.GetRequiredService<AuditVerification>(),
            provider.GetRequiredService<AuditCheckpoints>(),
            provider.GetRequiredService<InstallationSigning>(),
            provider.GetRequiredService<IOptions<CheckpointOptions>>()));
        return services;
    }
}
