using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.Mailboxes;
using Portal.Application.Policies;
using Portal.Application.Telemetry;
using Portal.Application.Trust;
using Portal.Application.Work;
using Portal.Smime.Keys;
using Portal.Smime.Mime;

namespace Portal.Application.Inbox;

/// <summary>Opens a message that arrived: Open → Judge → Sort → Store → Tell. A broken one is stored with its verdict and never stops the line.</summary>
internal sealed partial class ArrivalWork(
    PortalDatabase database,
    SealedBlobs blobs,
    DataKeys keys,
    KeyBroker.KeyBroker broker,
    TrustStores trustStores,
    Harvesting harvesting,
    SignatureJudgements judgements,
    IncomingLists lists,
    Figures figures,
    TimeProvider clock,
    ILogger<ArrivalWork> logger) : IWorkHandler
{
    private const int Attempts = 3;
    private static readonly TimeSpan UntilStoresAnswer = TimeSpan.FromMinutes(1);

    /// <summary>Whoever enables a key here makes what waits for it due; a store tells nobody that it has let one go again.</summary>
    private static readonly TimeSpan UntilKeysMayBeUsed = TimeSpan.FromMinutes(5);

    public WorkKind Kind => WorkKind.OpenArrival;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        if (await FindAsync(work, cancellationToken) is not ({ } message, { } mailbox))
        {
            await EndAsync(work, cancellationToken);
            return;
        }

        try
        {
            await OpenAsync(work, message, mailbox, cancellationToken);
        }
        catch (KeyStoreException exception)
        {
            // That of what is stored, not of the message: it says nothing about the message.
            await PostponeAsync(work, message, KeyHindrance.Of(exception.Failure) ?? new KeyHindrance.StoreAway(), cancellationToken);
        }
        catch (Exception exception) when (exception is not (LeaseLostException or OperationCanceledException) && work.Attempts >= Attempts)
        {
            LogBroken(exception, message.Id);
            await StoreBrokenAsync(work, message, cancellationToken);
        }
    }

    private async Task OpenAsync(ClaimedWork work, StoredMessage message, Mailbox mailbox, CancellationToken cancellationToken)
    {
        using var span = Spans.Start("portal.open", work.Organisation)?.SetTag("portal.message", message.Id.ToString());

        // Open, Judge
        var actor = new Actor.Portal(work.Organisation, "inbox");
        var began = clock.GetUtcNow();
        var trust = await trustStores.OfAsync(work.Organisation, TrustPurpose.Signatures, cancellationToken);
        await using var raw = await blobs.OpenAsync(work.Organisation, message.RawId, cancellationToken);
        var privateKeys = new MailboxKeys(database, broker, actor, mailbox.OwnerId);
        var context = new OpeningContext(trust, privateKeys, message.At);
        await using var opened = await MessageOpener.OpenAsync(raw, context, cancellationToken);
        if (Hindrance(opened, privateKeys) is { } hindrance)
        {
            span.Fail(hindrance.GetType().Name);
            await PostponeAsync(work, message, hindrance, cancellationToken);
            return;
        }

        // Sort
        var reported = await ReportWriting.WriteAsync(opened, isSent: false, cancellationToken);
        var mark = await lists.JudgeAsync(work.Organisation, mailbox.OwnerId, reported.Sender, cancellationToken);
        var report = Told(reported.Report with { List = mark }, message);

        // Store, Tell
        await harvesting.FromAsync(work.Organisation, opened.Summary, cancellationToken);
        var evidence = opened.Payload is null ? null : FoundEvidence.In(opened.Summary, report.Verdict.Verdict);
        if (evidence is not null)
        {
            await judgements.KeepAsync(work.Organisation, evidence, cancellationToken);
        }

        using var key = await keys.OfMailboxAsync(work.Organisation, mailbox.Id, cancellationToken);
        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        var row = await db.Messages.SingleAsync(one => one.OrganisationId == work.Organisation && one.Id == message.Id, cancellationToken);
        db.Record(privateKeys.Outcomes);
        if (opened.Payload is null)
        {
            await CountFailuresAsync(db, work.Organisation, opened, privateKeys, cancellationToken);
            row.Break(report.Verdict.Verdict, opened.Summary.Encrypted, reported.Listing.Seal(key, row.Id), report.Seal(key, row.Id));
        }
        else
        {
            row.Open(
                report.Verdict.Verdict,
                report.Verdict.Encrypted,
                report.Attachments.Count > 0,
                reported.Listing.Seal(key, row.Id),
                report.Seal(key, row.Id),
                RecoveredKeys.Seal(key, row.Id, opened.ContentEncryptionKeys));
            var signers = opened.Summary.Verdict == Verdict.SignedValid ? opened.Summary.Signers.Select(one => one.Certificate).OfType<X509Certificate2>() : [];
            await CertificateUses.ArrivedAsync(db, work.Organisation, privateKeys.Used, signers, message.At, cancellationToken);
        }

        if (evidence is not null)
        {
            await SignatureJudgements.SaveAsync(db, row, evidence, waiting: null, began, key, cancellationToken);
            if (evidence.LacksAnything)
            {
                WorkQueue.Enqueue(db, work.Organisation, WorkKind.JudgeAgain, row.Id.Value, await db.NowAsync(cancellationToken));
            }
        }

        if (mark?.Treatment == ListTreatment.Blocked)
        {
            row.Move(await JunkAsync(db, row, cancellationToken));
        }

        await FinishAsync(db, work, row, mark, cancellationToken);
        span?.SetTag("portal.verdict", row.Verdict.ToString()).SetTag("portal.encrypted", row.Encrypted).SetTag("portal.state", row.State.ToString());
    }

    /// <summary>What somebody outside wrote here never travelled, and the portal itself saw who they are.</summary>
    private static MessageReport Told(MessageReport report, StoredMessage message) => message.WriterProof is { } proof
        ? report with { Verdict = report.Verdict with { Encrypted = true, RestsHere = true, WrittenHere = proof.ToString() } }
        : report;

    private async Task StoreBrokenAsync(ClaimedWork work, StoredMessage message, CancellationToken cancellationToken)
    {
        using var key = await keys.OfMailboxAsync(work.Organisation, message.MailboxId, cancellationToken);
        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        var row = await db.Messages.SingleAsync(one => one.OrganisationId == work.Organisation && one.Id == message.Id, cancellationToken);
        var report = MessageReport.OfBroken(Judgement.OfBroken());
        row.Break(MessageVerdict.None, encrypted: false, MessageListing.Empty.Seal(key, row.Id), report.Seal(key, row.Id));
        await FinishAsync(db, work, row, mark: null, cancellationToken);
    }

    private async Task FinishAsync(PortalDbContext db, ClaimedWork work, StoredMessage row, ListMark? mark, CancellationToken cancellationToken)
    {
        await WorkQueue.CompleteAsync(db, work, cancellationToken);
        var detail = new Dictionary<string, string> { ["verdict"] = row.Verdict.ToString(), ["state"] = row.State.ToString() };
        if (mark is not null)
        {
            (detail["list"], detail["entry"]) = (mark.Treatment.ToString(), mark.Entry.ToString("N"));
        }

        db.Record(new AuditEvent(new Actor.Portal(work.Organisation, "inbox"), AuditAction.MessageReceived, row.Id.Value, detail));
        db.Announce(row.MailboxId);
        await db.CommitAsync(cancellationToken);
        figures.Opened(row.Verdict.ToString(), row.State.ToString(), row.Encrypted);
    }

    private static Task<FolderId> JunkAsync(PortalDbContext db, StoredMessage message, CancellationToken cancellationToken) => db.Folders
        .Where(one => one.OrganisationId == message.OrganisationId && one.MailboxId == message.MailboxId && one.Kind == FolderKind.Junk)
        .Select(one => one.Id)
        .SingleAsync(cancellationToken);

    private async Task<(StoredMessage? Message, Mailbox? Mailbox)> FindAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(work.Organisation, cancellationToken);
        var id = new StoredMessageId(work.Subject);
        var message = await db.Messages.SingleOrDefaultAsync(
            one => one.OrganisationId == work.Organisation && one.Id == id && one.State == MessageState.Arrived, cancellationToken);
        return message is null
            ? (null, null)
            : (message, await db.Mailboxes.SingleAsync(one => one.OrganisationId == work.Organisation && one.Id == message.MailboxId, cancellationToken));
    }

    private async Task EndAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await WorkQueue.CompleteAsync(db, work, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    private static KeyHindrance? Hindrance(OpenedMessage opened, MailboxKeys keys) =>
        opened.Payload is not null ? null
        : opened.Failure?.Kind == OpeningFailureKind.KeyUnavailable ? new KeyHindrance.StoreAway()
        : opened.Failure?.Kind is OpeningFailureKind.NoMatchingKey or OpeningFailureKind.KeyRefused ? keys.Hindrance
        : null;

    private async Task PostponeAsync(ClaimedWork work, StoredMessage message, KeyHindrance hindrance, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        var (reason, delay) = hindrance switch
        {
            KeyHindrance.StoreAway => (WaitReason.KeyStoreAway, UntilStoresAnswer),
            KeyHindrance.Resting resting => (WaitReason.KeyResting, resting.Until - await db.NowAsync(cancellationToken)),
            KeyHindrance.Missing => (WaitReason.KeyMissing, UntilKeysMayBeUsed),
            _ => (WaitReason.KeyDisabled, UntilKeysMayBeUsed),
        };
        if (message.WaitsFor != reason)
        {
            var row = await db.Messages.SingleAsync(one => one.OrganisationId == work.Organisation && one.Id == message.Id, cancellationToken);
            row.WaitFor(reason);
            db.Announce(row.MailboxId);
        }

        await WorkQueue.RescheduleAsync(db, work, delay, endedWell: true, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    // Every failure looks the same from outside (RFC 3218); whoever sends one after the other is stopped here.
    private async Task CountFailuresAsync(
        PortalDbContext db, OrganisationId organisation, OpenedMessage opened, MailboxKeys privateKeys, CancellationToken cancellationToken)
    {
        if (opened.Failure?.Kind != OpeningFailureKind.DecryptionFailed)
        {
            return;
        }

        foreach (var key in privateKeys.Used)
        {
            if (await broker.CountFailureAsync(db, organisation, key, cancellationToken))
            {
                LogResting(key);
                await WorkQueue.DueNowAsync(db, organisation, WorkKind.TellOfRestingKey, key.Value, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Too much did not open with the key {Key}: for an hour nothing is opened with it that nobody waits for.")]
    private partial void LogResting(KeyBroker.ManagedKeyId key);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Message} could not be opened; it is kept as it came.")]
    private partial void LogBroken(Exception exception, StoredMessageId message);
}
