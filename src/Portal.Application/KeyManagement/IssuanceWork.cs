using Microsoft.EntityFrameworkCore;
using Portal.Application.Certificates;
using Portal.Application.KeyBroker;
using Portal.Application.Work;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.KeyManagement;

/// <summary>Goes through a list, some lines at a time; what becomes of a line is on record with its certificates.</summary>
internal sealed class IssuanceWork(PortalDatabase database, CertificateAuthority authority, TimeProvider clock) : IWorkHandler
{
    private const int LinesAtOnce = 50;
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);
    private static readonly CertificateKind[] Both = [CertificateKind.Signing, CertificateKind.Encryption];

    public WorkKind Kind => WorkKind.IssueCertificates;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        var (isEnded, trouble) = (false, default(string));
        try
        {
            isEnded = await GoOnAsync(work, cancellationToken);
        }
        catch (KeyStoreException exception)
        {
            trouble = exception.Message;
        }

        // Whoever has it go on meets us at the work's row.
        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await WorkQueue.ConfirmAsync(db, work, cancellationToken);
        var batch = await BatchAsync(db, work, cancellationToken);
        batch.Trip(trouble);
        if (isEnded)
        {
            batch.End(clock.GetUtcNow());
        }

        await (batch.State == IssuanceState.Running
            ? WorkQueue.RescheduleAsync(db, work, trouble is null ? TimeSpan.Zero : Retry, endedWell: trouble is null, cancellationToken)
            : WorkQueue.CompleteAsync(db, work, cancellationToken));
        await db.CommitAsync(cancellationToken);
    }

    private static Task<IssuanceBatch> BatchAsync(PortalDbContext db, ClaimedWork work, CancellationToken cancellationToken) =>
        db.IssuanceBatches.SingleAsync(one => one.OrganisationId == work.Organisation && one.Id == new IssuanceBatchId(work.Subject), cancellationToken);

    private static IQueryable<IssuanceLine> Waiting(PortalDbContext db, ClaimedWork work) => db.IssuanceLines.Where(
        one => one.OrganisationId == work.Organisation && one.BatchId == new IssuanceBatchId(work.Subject) && one.Outcome == IssuanceOutcome.Waiting);

    /// <returns>Whether no line waits any more.</returns>
    /// <exception cref="KeyStoreException">A key store does not answer.</exception>
    private async Task<bool> GoOnAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        List<Planned> plan;
        await using (var db = await database.ReadAsync(work.Organisation, cancellationToken))
        {
            var batch = await BatchAsync(db, work, cancellationToken);
            if (batch.State != IssuanceState.Running)
            {
                return false;
            }

            var lines = await Waiting(db, work).OrderBy(one => one.Number).Take(LinesAtOnce).ToListAsync(cancellationToken);
            plan = await PlanAsync(db, batch, lines, cancellationToken);
        }

        var wanted = plan.SelectMany(one => one.Wanted.Select(certificate => (one.Number, Certificate: certificate))).ToList();
        if (wanted.Count > 0)
        {
            await authority.IssueAsync(
                new Actor.Portal(work.Organisation, "issuance"),
                wanted.ConvertAll(one => one.Certificate),
                (db, certified) => EndAsync(db, work, plan, wanted.Zip(certified, (one, outcome) => (one.Number, outcome)).ToLookup(one => one.Number, one => one.outcome), cancellationToken),
                cancellationToken);
        }
        else if (plan.Count > 0)
        {
            await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
            await EndAsync(db, work, plan, Enumerable.Empty<Certified>().ToLookup(_ => 0), cancellationToken);
            await db.CommitAsync(cancellationToken);
        }

        return plan.Count < LinesAtOnce;
    }

    private static async Task EndAsync(PortalDbContext db, ClaimedWork work, List<Planned> plan, ILookup<int, Certified> certified, CancellationToken cancellationToken)
    {
        await WorkQueue.ConfirmAsync(db, work, cancellationToken);
        var numbers = plan.ConvertAll(one => one.Number);
        var lines = await Waiting(db, work).Where(one => numbers.Contains(one.Number)).ToDictionaryAsync(one => one.Number, cancellationToken);
        foreach (var one in plan)
        {
            var refused = certified[one.Number].OfType<Certified.Refused>().FirstOrDefault();
            lines[one.Number].End(refused is null ? one.Outcome : IssuanceOutcome.Refused, refused?.Words);
        }
    }

    private async Task<List<Planned>> PlanAsync(PortalDbContext db, IssuanceBatch batch, List<IssuanceLine> lines, CancellationToken cancellationToken)
    {
        var organisation = batch.OrganisationId;
        var addresses = lines.ConvertAll(one => one.Address);
        var people = await db.Mailboxes
            .Where(one => one.OrganisationId == organisation && addresses.Contains(one.NormalisedAddress))
            .Join(db.Accounts, one => one.OwnerId, account => account.Id, (mailbox, account) => new { Mailbox = mailbox, Account = account })
            .ToDictionaryAsync(one => one.Mailbox.NormalisedAddress, cancellationToken);
        var owners = people.Values.Select(one => (AccountId?)one.Account.Id).Distinct().ToList();
        var repeated = await RepeatedAsync(db, batch, people.ToDictionary(one => one.Key, one => one.Value.Account.Id), lines, cancellationToken);
        var soon = clock.GetUtcNow() + CertificateRenewal.Before;
        var holdings = (await db.Certificates
            .Where(one => one.OrganisationId == organisation && owners.Contains(one.OwnerId))
            .Where(one => one.Kind == CertificateKind.Signing || one.Kind == CertificateKind.Encryption)
            .Join(db.ManagedKeys.Where(key => key.ReplacedAt == null && key.DestroyedAt == null), one => one.KeyId, key => (ManagedKeyId?)key.Id, (one, key) => new { Certificate = one, Key = key })
            .ToListAsync(cancellationToken))
            .ToLookup(one => one.Certificate.OwnerId!.Value, one => new Holding(one.Certificate, one.Key));
        return lines.ConvertAll(line =>
        {
            if (!people.TryGetValue(line.Address!, out var person) || !AddrSpec.TryParse(person.Mailbox.Address, out var address))
            {
                return new Planned(line.Number, IssuanceOutcome.NobodyHere, []);
            }

            if (repeated.Contains(line.Number))
            {
                return new Planned(line.Number, IssuanceOutcome.Repeated, []);
            }

            return person.Account.Disabled
                ? new Planned(line.Number, IssuanceOutcome.Disabled, [])
                : Plan(line.Number, batch.Scope, [.. holdings[person.Account.Id]], soon, kind => new WantedCertificate(person.Account.Id, person.Account.DisplayName, address, kind));
        });
    }

    /// <returns>The numbers of those whose person stands in an earlier line under another address.</returns>
    private static async Task<HashSet<int>> RepeatedAsync(
        PortalDbContext db, IssuanceBatch batch, Dictionary<string, AccountId> owners, List<IssuanceLine> lines, CancellationToken cancellationToken)
    {
        var people = owners.Values.Distinct().ToList();
        var earliest = await db.IssuanceLines
            .Where(one => one.OrganisationId == batch.OrganisationId && one.BatchId == batch.Id && one.Outcome != IssuanceOutcome.Repeated)
            .Join(db.Mailboxes.Where(one => one.OrganisationId == batch.OrganisationId && people.Contains(one.OwnerId)), one => one.Address, mailbox => mailbox.NormalisedAddress, (one, mailbox) => new { one.Number, mailbox.OwnerId })
            .GroupBy(one => one.OwnerId)
            .Select(same => new { Owner = same.Key, Number = same.Min(one => one.Number) })
            .ToDictionaryAsync(one => one.Owner, one => one.Number, cancellationToken);
        return [.. lines.Where(one => owners.TryGetValue(one.Address!, out var owner) && earliest[owner] < one.Number).Select(one => one.Number)];
    }

    private static Planned Plan(int number, IssuanceScope scope, List<Holding> holdings, DateTimeOffset soon, Func<CertificateKind, WantedCertificate> want)
    {
        if (holdings.Exists(one => one.Key.DisabledAt is not null || one.Certificate.IsHeld))
        {
            return new Planned(number, IssuanceOutcome.Stopped, []);
        }

        var kinds = scope == IssuanceScope.Everybody
            ? Both
            : [.. Both.Where(kind => !holdings.Exists(one => one.Certificate.Kind == kind && one.Certificate.IsGood && one.Certificate.NotAfter > soon))];
        return kinds.Length == 0 ? new Planned(number, IssuanceOutcome.AlreadyThere, []) : new Planned(number, IssuanceOutcome.Issued, [.. kinds.Select(want)]);
    }

    /// <param name="Number">Of the line.</param>
    /// <param name="Outcome">What becomes of it, unless the profile refuses one.</param>
    /// <param name="Wanted">What is issued for it.</param>
    private sealed record Planned(int Number, IssuanceOutcome Outcome, IReadOnlyList<WantedCertificate> Wanted);

    private sealed record Holding(Certificate Certificate, ManagedKey Key);
}
