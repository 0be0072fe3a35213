using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Approvals;
using Portal.Application.Certificates;
using Portal.Application.KeyBroker;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Application.Work;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.KeyManagement;

public enum KeyExportState
{
    /// <summary>The organisation does not allow it.</summary>
    NotAllowed,

    /// <summary>All of the person's keys are where none leaves.</summary>
    NothingToExport,

    MayAsk,

    /// <summary>Somebody has to agree, or a day to pass.</summary>
    Waiting,

    /// <summary>Once.</summary>
    Ready,
}

/// <param name="State">What may be done now.</param>
/// <param name="Leaving">Keys that would be in the file.</param>
/// <param name="Staying">Keys that their store does not give away.</param>
/// <param name="DueAt">When it is ready without a second person; null where one has to agree.</param>
public sealed record KeyExportView(KeyExportState State, int Leaving, int Staying, DateTimeOffset? DueAt);

public abstract record KeyExport
{
    /// <param name="File">PKCS#12, encrypted by AES-256 under the password.</param>
    public sealed record Done(byte[] File) : KeyExport;

    public sealed record NotReady : KeyExport;

    /// <summary>Shorter than <see cref="KeyExporting.ShortestPassword"/> characters.</summary>
    public sealed record PasswordTooShort : KeyExport;

    /// <param name="Words">The store's.</param>
    public sealed record StoreAway(string Words) : KeyExport;
}

/// <summary>
/// A person's copy of all keys that open their mail, where the organisation allows it and a second person agrees. A key that signs
/// never leaves: a new one does what it did, and whoever else had it could sign in that person's name.
/// </summary>
public sealed class KeyExporting
{
    public const int ShortestPassword = 12;

    private readonly PortalDatabase _database;
    private readonly FourEyes _approvals;
    private readonly KeyBroker.KeyBroker _broker;
    private readonly LiveSessions _sessions;
    private readonly Notices _notices;

    internal KeyExporting(PortalDatabase database, FourEyes approvals, KeyBroker.KeyBroker broker, LiveSessions sessions, Notices notices) =>
        (_database, _approvals, _broker, _sessions, _notices) = (database, approvals, broker, sessions, notices);

    public async Task<KeyExportView> ViewAsync(Actor.Person actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.UseMail);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var keys = await Keys(db, actor).ToListAsync(cancellationToken);
        var leaving = keys.Count(_broker.MayLeave);
        if (!(await db.Organisations.SingleAsync(one => one.Id == actor.Organisation, cancellationToken)).Policy.AllowsKeyExport)
        {
            return new KeyExportView(KeyExportState.NotAllowed, leaving, keys.Count - leaving, null);
        }

        var approval = await _approvals.FindAsync(db, actor.Organisation, ApprovalKind.ExportKeys, actor.Account.Value, cancellationToken);
        var state = leaving == 0 ? KeyExportState.NothingToExport
            : approval is null ? KeyExportState.MayAsk
            : approval.IsGiven ? KeyExportState.Ready
            : KeyExportState.Waiting;
        return new KeyExportView(state, leaving, keys.Count - leaving, approval?.Approval.DueAt);
    }

    /// <summary>Tells every administrator.</summary>
    public async Task<ApprovalAsked> AskAsync(Actor.Person actor, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.UseMail, cancellationToken);
        if ((await ViewAsync(actor, cancellationToken)).State != KeyExportState.MayAsk)
        {
            return new ApprovalAsked.NotFound();
        }

        List<Account> told;
        Account asker;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            asker = await db.Accounts.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == actor.Account, cancellationToken);
            told = await FourEyes.Administrators(db, actor.Organisation).ToListAsync(cancellationToken);
        }

        // Before the transaction: a notice that does not count in the end is sealed noise.
        var notices = new List<PreparedNotice>();
        foreach (var account in told)
        {
            CultureInfo.GetCultureInfo(account.Language ?? "en").Speak();
            _ = AddrSpec.TryParse(account.Email, out var address);
            notices.Add(await _notices.PrepareAsync(actor.Organisation, account.Id, address!, KeyTexts.ExportSubject, KeyTexts.ExportBody.With(asker.DisplayName), cancellationToken));
        }

        await using var write = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await _approvals.AskAsync(write, actor, ApprovalKind.ExportKeys, actor.Account.Value, cancellationToken) is not { } asked)
        {
            return new ApprovalAsked.Already();
        }

        foreach (var notice in notices)
        {
            await _notices.EnqueueAsync(write, notice, cancellationToken);
        }

        await write.CommitAsync(cancellationToken);
        return asked;
    }

    /// <summary>Once for each time that it was agreed to.</summary>
    public async Task<KeyExport> DownloadAsync(Actor.Person actor, string password, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.UseMail, cancellationToken);
        if (password.Length < ShortestPassword)
        {
            return new KeyExport.PasswordTooShort();
        }

        var view = await ViewAsync(actor, cancellationToken);
        if (view.State != KeyExportState.Ready)
        {
            return new KeyExport.NotReady();
        }

        var pairs = new List<FilePair>();
        try
        {
            foreach (var (key, certificate) in await CertificatesAsync(actor, cancellationToken))
            {
                if (_broker.MayLeave(key) && await _broker.ExportAsync(actor, key, cancellationToken) is { } info)
                {
                    pairs.Add(new FilePair(SharedCertificates.Load(certificate.Encoded!), info, []));
                }
            }

            return await EndAsync(actor, cancellationToken) ? new KeyExport.Done(Pkcs12Writing.Write(pairs, password)) : new KeyExport.NotReady();
        }
        catch (KeyStoreException exception)
        {
            return new KeyExport.StoreAway(exception.Message);
        }
        finally
        {
            pairs.ForEach(pair => pair.Dispose());
        }
    }

    private async Task<bool> EndAsync(Actor.Person actor, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);

        // Two who download at once meet here.
        await db.LockAuditChainAsync(actor.Organisation, cancellationToken);
        if (await _approvals.FindAsync(db, actor.Organisation, ApprovalKind.ExportKeys, actor.Account.Value, cancellationToken) is not { IsGiven: true, Approval: var approval })
        {
            return false;
        }

        await FourEyes.EndAsync(db, approval, ApprovalState.CarriedOut, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<List<(ManagedKey Key, Certificate Certificate)>> CertificatesAsync(Actor.Person actor, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var found = await Keys(db, actor)
            .Join(db.Certificates.Where(one => one.OrganisationId == actor.Organisation && one.Encoded != null), key => (ManagedKeyId?)key.Id, one => one.KeyId, (key, one) => new { key, one })
            .OrderByDescending(one => one.key.CreatedAt)
            .ToListAsync(cancellationToken);
        return found.DistinctBy(one => one.key.Id).Select(one => (one.key, one.one)).ToList();
    }

    private static IQueryable<ManagedKey> Keys(PortalDbContext db, Actor.Person actor) => db.ManagedKeys.Where(
        one => one.OrganisationId == actor.Organisation && one.OwnerId == actor.Account && one.Purpose == KeyPurpose.OpenMessage && one.DestroyedAt == null);
}

/// <summary>Tells whoever asked that somebody agreed, or that the day has passed.</summary>
internal sealed class KeysMayLeaveWork(PortalDatabase database, FourEyes approvals, Notices notices) : IWorkHandler
{
    public WorkKind Kind => WorkKind.KeysMayLeave;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        PreparedNotice? notice = null;
        if (await approvals.FindGivenAsync(work.Organisation, new ApprovalId(work.Subject), cancellationToken) is { } approval)
        {
            Account? asker;
            await using (var read = await database.ReadAsync(work.Organisation, cancellationToken))
            {
                asker = await read.Accounts.SingleOrDefaultAsync(one => one.OrganisationId == work.Organisation && one.Id == approval.AskedBy, cancellationToken);
            }

            if (asker is not null && AddrSpec.TryParse(asker.Email, out var address))
            {
                CultureInfo.GetCultureInfo(asker.Language ?? "en").Speak();
                notice = await notices.PrepareAsync(work.Organisation, asker.Id, address, KeyTexts.ExportReadySubject, KeyTexts.ExportReadyBody, cancellationToken);
            }
        }

        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        if (notice is not null)
        {
            await notices.EnqueueAsync(db, notice, cancellationToken);
        }

        await WorkQueue.CompleteAsync(db, work, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }
}
