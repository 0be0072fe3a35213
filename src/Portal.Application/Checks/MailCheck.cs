using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Application.Organisations;
using Portal.Application.Setup.Demo;
using Portal.Application.Transport;
using Portal.Smime.Keys;

namespace Portal.Application.Checks;

/// <summary>Signs in where mail is fetched and handed over, and leaves again.</summary>
internal static class MailCheck
{
    private const string Relay = "mail relay";
    private const string Accounts = "mail accounts";
    private const string ForRealMail = "For real mail, set Portal:Transport:Kind to Smtp, and Portal:Transport:RelayHost.";
    private const int AtOnce = 8;

    public static async Task RunAsync(
        IServiceProvider services, IReadOnlyList<OrganisationName> organisations, bool keysWork, List<Finding> findings, CancellationToken cancellationToken)
    {
        findings.Add(await RelayAsync(services, organisations, cancellationToken));
        foreach (var organisation in organisations)
        {
            await AccountsAsync(services, organisation, keysWork, findings, cancellationToken);
        }
    }

    private static async Task<Finding> RelayAsync(IServiceProvider services, IReadOnlyList<OrganisationName> organisations, CancellationToken cancellationToken)
    {
        var options = services.GetRequiredService<IOptions<TransportOptions>>().Value;
        if (options.Kind == TransportKind.Pickup)
        {
            return Finding.Warning(Relay, "Mail to the outside goes into a directory and leaves nobody's machine.", ForRealMail);
        }

        if (await IsDemoAsync(services, organisations, cancellationToken))
        {
            return Finding.Warning(Relay, "No mail server is set, and this is a demo: mail moves within the portal only; what goes outside is put into a directory.", ForRealMail);
        }

        var server = $"{options.RelayHost}:{options.RelayPort}";
        return await services.GetRequiredService<MailConnections>().TryRelayAsync(cancellationToken) is { } problem
            ? Finding.Problem(Relay, $"{server}: {problem}", "Portal:Transport:RelayHost, RelayPort, RelayTls, RelayUserName, RelayPassword. Mail waits in the queue meanwhile.")
            : Finding.Ok(Relay, $"{server} can be reached.");
    }

    /// <summary>The demo's node chooses the directory for itself, where the settings choose nothing; they are all that is seen from here.</summary>
    private static async Task<bool> IsDemoAsync(IServiceProvider services, IReadOnlyList<OrganisationName> organisations, CancellationToken cancellationToken)
    {
        var settings = services.GetRequiredService<IConfiguration>().GetSection(TransportOptions.Section);
        if (organisations.Count != 1 || !string.IsNullOrEmpty(settings[nameof(TransportOptions.Kind)]) || !string.IsNullOrEmpty(settings[nameof(TransportOptions.RelayHost)]))
        {
            return false;
        }

        await using var db = await services.GetRequiredService<PortalDatabase>().ReadAsync(organisations[0].Id, cancellationToken);
        return await DemoSeeding.MadeAsync(db, organisations[0].Id, cancellationToken);
    }

    private static async Task AccountsAsync(
        IServiceProvider services, OrganisationName organisation, bool keysWork, List<Finding> findings, CancellationToken cancellationToken)
    {
        List<MailAccount> accounts;
        await using (var db = await services.GetRequiredService<PortalDatabase>().ReadAsync(organisation.Id, cancellationToken))
        {
            accounts = await db.MailAccounts.Where(one => one.OrganisationId == organisation.Id).ToListAsync(cancellationToken);
        }

        if (accounts.Count == 0)
        {
            return;
        }

        if (!keysWork)
        {
            findings.Add(Finding.Warning(Accounts, $"{organisation.Name}: {accounts.Count}, not looked at, because their settings are sealed.", "See the key store above."));
            return;
        }

        var failures = new System.Collections.Concurrent.ConcurrentBag<Finding>();
        await Parallel.ForEachAsync(accounts, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (account, token) =>
        {
            if (await TryAsync(services, account, token) is { } problem)
            {
                failures.Add(Finding.Problem(Accounts, $"{organisation.Name}: account {account.Id}: {problem}", "Its owner sees the same on the page of the mail account, and mends it there."));
            }
        });
        findings.AddRange(failures.OrderBy(one => one.What, StringComparer.Ordinal));
        if (failures.Count < accounts.Count)
        {
            findings.Add(Finding.Ok(Accounts, $"{organisation.Name}: {accounts.Count - failures.Count} of {accounts.Count} can be reached."));
        }
    }

    private static async Task<string?> TryAsync(IServiceProvider services, MailAccount account, CancellationToken cancellationToken)
    {
        try
        {
            return await services.GetRequiredService<AccountConnections>().ProblemAsync(account, cancellationToken);
        }
        catch (KeyStoreException exception)
        {
            return exception.Message;
        }
    }
}
