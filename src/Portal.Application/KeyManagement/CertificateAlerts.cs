using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Certificates;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Smime.Pkix;

namespace Portal.Application.KeyManagement;

/// <summary>Tells holders and managers of certificates that end and are not renewed by themselves: 60, 30, 7 days and a day before.</summary>
internal sealed class CertificateAlerts(PortalDatabase database, Notices notices, TimeProvider clock)
{
    /// <summary>Days before the end, the longest first.</summary>
    private static readonly int[] Marks = [60, 30, 7, 1];

    /// <summary>In one mail.</summary>
    private const int MostLines = 100;

    private const int MostCertificates = 10_000;

    /// <summary>By then those that are renewed by themselves have been.</summary>
    private static readonly TimeSpan RenewedBy = CertificateRenewal.Before - TimeSpan.FromDays(2);

    /// <returns>The mark that is reached with so many days left; null when none is.</returns>
    internal static int? MarkAt(TimeSpan left) => Marks.Where(mark => left <= TimeSpan.FromDays(mark)).Cast<int?>().LastOrDefault();

    public async Task TellAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        List<Ending> due;
        List<Account> managers, holders;
        await using (var db = await database.ReadAsync(organisation, cancellationToken))
        {
            due = (await EndingAsync(db, organisation, now, cancellationToken)).FindAll(one => MarkAt(one.NotAfter - now) is { } mark && (one.AlertedDays is not { } last || mark < last));
            var accounts = db.Accounts.Where(one => one.OrganisationId == organisation && !one.Disabled);
            managers = (await accounts.ToListAsync(cancellationToken)).FindAll(one => one.Roles.Allow(Permission.ManageCertificates));
            var owners = due.Select(one => one.Owner).OfType<AccountId>().ToList();
            holders = await accounts.Where(one => owners.Contains(one.Id)).ToListAsync(cancellationToken);
        }

        if (due.Count == 0)
        {
            return;
        }

        // Before the transaction: a notice that does not count in the end is sealed noise.
        var prepared = new List<PreparedNotice>();
        foreach (var account in managers.UnionBy(holders, one => one.Id))
        {
            var isManager = managers.Exists(one => one.Id == account.Id);
            prepared.Add(await PrepareAsync(account, due.FindAll(one => isManager || one.Owner == account.Id), cancellationToken));
        }

        await using var write = await database.WriteAsync(organisation, cancellationToken);
        foreach (var group in due.GroupBy(one => MarkAt(one.NotAfter - now)!.Value))
        {
            var ids = group.Select(one => one.Id).ToList();
            await write.Certificates
                .Where(one => one.OrganisationId == organisation && ids.Contains(one.Id))
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.AlertedDays, (int?)group.Key), cancellationToken);
        }

        foreach (var notice in prepared)
        {
            await notices.EnqueueAsync(write, notice, cancellationToken);
        }

        await write.CommitAsync(cancellationToken);
    }

    // People's that another authority issued or that have their key elsewhere, or that should have been renewed; and those of the organisation itself.
    private static async Task<List<Ending>> EndingAsync(PortalDbContext db, OrganisationId organisation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (until, overdue) = (now + TimeSpan.FromDays(Marks[0]), now + RenewedBy);
        var ending = db.Certificates.Where(one => one.OrganisationId == organisation && one.State == CertificateState.Issued && one.NotAfter > now && one.NotAfter <= until);
        var people = ending
            .Where(one => one.OwnerId != null && (one.IssuerId == null || one.KeyId == null || one.NotAfter <= overdue))
            .Where(one => one.KeyId == null || db.ManagedKeys.Any(key => key.Id == one.KeyId && key.ReplacedAt == null && key.DestroyedAt == null))
            .Where(one => db.Accounts.Any(account => account.Id == one.OwnerId && !account.Disabled));
        var own = ending
            .Where(one => one.Kind == CertificateKind.RootAuthority || one.Kind == CertificateKind.IssuingAuthority || one.Kind == CertificateKind.NoticeSigning)
            .Where(one => one.Kind != CertificateKind.NoticeSigning || db.ManagedKeys.Any(key => key.Id == one.KeyId && key.ReplacedAt == null && key.DestroyedAt == null));
        return await people.Union(own)
            .OrderBy(one => one.NotAfter)
            .Take(MostCertificates)
            .Select(one => new Ending(one.Id, one.OwnerId, one.Address, one.SerialNumber, one.NotAfter, one.AlertedDays))
            .ToListAsync(cancellationToken);
    }

    private async Task<PreparedNotice> PrepareAsync(Account to, List<Ending> ending, CancellationToken cancellationToken)
    {
        CultureInfo.GetCultureInfo(to.Language ?? "en").Speak();
        _ = AddrSpec.TryParse(to.Email, out var address);
        var lines = ending.Take(MostLines).Select(one => KeyTexts.EndingLine.With(one.NotAfter.UtcDateTime, one.Address ?? KeyTexts.EndingAuthority, one.SerialNumber));
        var text = $"{KeyTexts.EndingBody}\n\n{string.Join('\n', lines)}{(ending.Count > MostLines ? $"\n{KeyTexts.EndingMore.With(ending.Count - MostLines)}" : string.Empty)}";
        return await notices.PrepareAsync(to.OrganisationId, to.Id, address!, KeyTexts.EndingSubject, text, cancellationToken);
    }

    private sealed record Ending(CertificateId Id, AccountId? Owner, string? Address, string SerialNumber, DateTimeOffset NotAfter, int? AlertedDays);
}
