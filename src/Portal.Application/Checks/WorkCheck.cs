using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Checkpoints;
using Portal.Application.Organisations;
using Portal.Application.Work;

namespace Portal.Application.Checks;

/// <summary>Whether somebody works, checkpoints reach their second place, and the clocks agree.</summary>
internal static class WorkCheck
{
    private const string Clock = "clock";
    private const string Checkpoints = "checkpoints";
    private const string Sweeping = "sweeping";
    private const string Workers = "workers";
    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan UnsweptFor = TimeSpan.FromHours(12);
    private static readonly TimeSpan Astray = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(IServiceProvider services, IReadOnlyList<OrganisationName> organisations, List<Finding> findings, CancellationToken cancellationToken)
    {
        foreach (var organisation in organisations)
        {
            findings.Add(await CheckpointsAsync(services, organisation, cancellationToken));
            findings.Add(await SweepingAsync(services, organisation, cancellationToken));
        }

        findings.AddRange(await WorkersAsync(services, organisations, cancellationToken));
        findings.Add(await ClockAsync(services, cancellationToken));
    }

    private static async Task<Finding> CheckpointsAsync(IServiceProvider services, OrganisationName organisation, CancellationToken cancellationToken)
    {
        var status = await services.GetRequiredService<AuditCheckpoints>().StatusAsync(organisation.Id, cancellationToken);
        return status switch
        {
            { HasTarget: false } => Finding.Warning(
                Checkpoints, $"{organisation.Name}: there is no second place, so a tail cut off the audit chain would not be noticed.", "Set Portal:Audit:CheckpointTarget to a file elsewhere or an address."),
            { FailingSince: { } since } => Finding.Problem(Checkpoints, $"{organisation.Name}: not written since {Time(since)}: {status.Problem}", "Mend the second place; it is tried again by itself, or with `portal audit checkpoint`."),
            { WrittenAt: { } at } => Finding.Ok(Checkpoints, $"{organisation.Name}: the last was written at {Time(at)}."),
            _ => Finding.Warning(Checkpoints, $"{organisation.Name}: none was written yet.", "A running worker writes the first one at once; so does `portal audit checkpoint`."),
        };
    }

    /// <summary>When it is due says when it last came to an end: a sweep that fails each time stays due.</summary>
    private static async Task<Finding> SweepingAsync(IServiceProvider services, OrganisationName organisation, CancellationToken cancellationToken)
    {
        await using var db = await services.GetRequiredService<PortalDatabase>().ReadAsync(organisation.Id, cancellationToken);
        var overdueSince = await db.NowAsync(cancellationToken) - UnsweptFor;
        var due = await db.WorkItems
            .Where(one => one.OrganisationId == organisation.Id && one.Kind == WorkKind.Sweep)
            .Select(one => (DateTimeOffset?)one.DueAt)
            .SingleOrDefaultAsync(cancellationToken);
        return due switch
        {
            null => Finding.Warning(Sweeping, $"{organisation.Name}: nothing is planned.", "Was its founding interrupted? `portal organisation add` goes on with it."),
            { } at when at < overdueSince => Finding.Warning(Sweeping, $"{organisation.Name}: what nobody needs any more should have been removed at {Time(at)}.", "Does a node with Portal:Roles=Worker run? Its log says what it meets."),
            { } at => Finding.Ok(Sweeping, $"{organisation.Name}: the next is due at {Time(at)}."),
        };
    }

    private static async Task<IReadOnlyList<Finding>> WorkersAsync(IServiceProvider services, IReadOnlyList<OrganisationName> organisations, CancellationToken cancellationToken)
    {
        var (count, oldest) = (0, TimeSpan.Zero);
        foreach (var organisation in organisations)
        {
            await using var db = await services.GetRequiredService<PortalDatabase>().ReadAsync(organisation.Id, cancellationToken);
            var now = await db.NowAsync(cancellationToken);
            var latest = now - Overdue;
            var due = await db.WorkItems
                .Where(one => one.OrganisationId == organisation.Id && one.DueAt < latest && (one.LeasedUntil == null || one.LeasedUntil < latest))
                .Select(one => one.DueAt)
                .ToListAsync(cancellationToken);
            count += due.Count;
            oldest = due.Count > 0 && now - due.Min() > oldest ? now - due.Min() : oldest;
        }

        if (organisations.Count == 0)
        {
            return [];
        }

        return count == 0
            ? [Finding.Ok(Workers, "Nothing on the list of work is overdue.")]
            : [Finding.Warning(Workers, string.Create(CultureInfo.InvariantCulture, $"{count} items of work are overdue, the oldest by {(oldest.TotalDays < 2 ? oldest.TotalMinutes : oldest.TotalDays):0} {(oldest.TotalDays < 2 ? "minutes" : "days")}."), "Does a node with Portal:Roles=Worker run? Its log says what it meets.")];
    }

    private static async Task<Finding> ClockAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        await using var db = await services.GetRequiredService<PortalDatabase>().ReadInstallationAsync(cancellationToken);
        var before = clock.GetUtcNow();
        var there = await db.NowAsync(cancellationToken);
        var astray = there < before ? before - there : there - clock.GetUtcNow();
        return astray < Astray
            ? Finding.Ok(Clock, "This machine and the database agree.")
            : Finding.Warning(Clock, string.Create(CultureInfo.InvariantCulture, $"This machine and the database are {astray.TotalSeconds:0} seconds apart."), "Let both follow a time server: times of signatures and certificates are read by others.");
    }

    private static string Time(DateTimeOffset moment) => moment.ToString("u", CultureInfo.InvariantCulture);
}
