using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Application.Accounts;
using Portal.Application.Approvals;
using Portal.Application.Compose;
using Portal.Application.KeyBroker;
using Portal.Application.Organisations;
using Portal.Application.Outbox;
using Portal.Application.Setup.Demo;
using Portal.Application.Trust;
using Portal.Application.Work;

namespace Portal.Application.Setup;

internal static class SetupServices
{
    public static IServiceCollection AddSetup(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PublicAddressOptions>()
            .Bind(configuration.GetSection(PublicAddressOptions.Section))
            .Validate(options => options.IsValid(), "Portal:PublicAddress has to begin with http:// or https://.")
            .ValidateOnStart();
        services.AddSingleton<Founding>();
        services.AddSingleton<Enrolment>();
        services.AddSingleton<IWorkHandler>(provider => provider.GetRequiredService<Enrolment>());
        services.AddSingleton(provider => new PersonRemoval(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<FourEyes>(),
            provider.GetRequiredService<LiveSessions>(),
            provider.GetRequiredService<KeyBroker.KeyBroker>(),
            provider.GetRequiredService<Notices>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IWorkHandler, RemovalWork>();
        services.AddSingleton<IWorkHandler, NewPasswordMail>();
        services.AddSingleton(provider => new Invitations(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<IDirectory>(),
            provider.GetRequiredService<OneTimeLinks>(),
            provider.GetRequiredService<Notices>(),
            provider.GetRequiredService<Quotas.Quotas>(),
            provider.GetRequiredService<IOptions<PublicAddressOptions>>()));
        services.AddSingleton(provider => new OneTimeEntry(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<OneTimeLinks>(),
            provider.GetRequiredService<LiveSessions>(),
            provider.GetRequiredService<Enrolment>(),
            provider.GetRequiredService<IPasswordHasher<Account>>()));
        services.AddSingleton(provider => new ForgottenPasswords(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<IDirectory>(),
            provider.GetRequiredService<OneTimeLinks>(),
            provider.GetRequiredService<Notices>(),
            provider.GetRequiredService<IOptions<PublicAddressOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new InstallationSetup(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<IDirectory>(),
            provider.GetRequiredService<Founding>(),
            provider.GetRequiredService<Enrolment>()));
        services.AddSingleton(provider => new OrganisationFounding(
            provider.GetRequiredService<Founding>(), provider.GetRequiredService<OrganisationNames>(), provider.GetRequiredService<SystemKey>()));
        services.AddSingleton<DemoArrivals>();
        services.AddSingleton(provider => new DemoSeeding(
            provider.GetRequiredService<PortalDatabase>(),
            provider.GetRequiredService<Founding>(),
            provider.GetRequiredService<Enrolment>(),
            provider.GetRequiredService<LiveSessions>(),
            provider.GetRequiredService<ForeignAuthorities>(),
            provider.GetRequiredService<OrganisationPolicies>(),
            provider.GetRequiredService<DemoArrivals>(),
            provider.GetRequiredService<Drafts>(),
            provider.GetRequiredService<Sending>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
