using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Application.Organisations;

namespace Portal.Application.Checks;

/// <summary>Everything that the portal stands on, one finding after the other; makes nothing and changes nothing.</summary>
public sealed class InstallationCheck
{
    private const string Configuration = "configuration";
    private readonly IServiceProvider _services;

    /// <param name="services">Asked late: with wrong settings, or without a master key, much of it cannot even be made.</param>
    internal InstallationCheck(IServiceProvider services) => _services = services;

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        if (!Settings(findings))
        {
            return findings;
        }

        findings.AddRange(await _services.GetRequiredService<IDatabaseInspection>().InspectAsync(cancellationToken));
        if (findings.Any(finding => finding.State == FindingState.Problem))
        {
            return findings;
        }

        var keysWork = await KeyCheck.RunAsync(_services, findings, cancellationToken);
        var organisations = await _services.GetRequiredService<OrganisationNames>().ListAsync(cancellationToken);
        findings.Add(organisations.Count > 0
            ? Finding.Ok("organisations", $"{organisations.Count}: {string.Join(", ", organisations.Select(one => one.Name))}")
            : Finding.Warning("organisations", "There is none yet.", "`portal organisation add`, or the first visit of the web page."));
        await MailCheck.RunAsync(_services, organisations, keysWork, findings, cancellationToken);
        await WorkCheck.RunAsync(_services, organisations, findings, cancellationToken);
        return findings;
    }

    private bool Settings(List<Finding> findings)
    {
        try
        {
            _services.GetRequiredService<IStartupValidator>().Validate();
            findings.Add(Finding.Ok(Configuration, "Every setting makes sense."));
            return true;
        }
        catch (Exception exception) when (SettingMistakes.Of(exception) is { } mistakes)
        {
            findings.AddRange(mistakes.Select(mistake => Finding.Problem(Configuration, mistake, "Settings are in docs/configuration.md.")));
            return false;
        }
    }
}
