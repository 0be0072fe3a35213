using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.Inbox;
using Portal.Application.LargeFiles;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Application.Policies;
using Portal.Application.Protection;
using Portal.Application.SecureLinks;
using Portal.Application.Telemetry;
using Portal.Application.Trust;
using Portal.Application.Work;
using Portal.Smime.Mime;

namespace Portal.Application.Compose;

/// <summary>The one transaction behind "sent": outbox rows with the final bytes, Sent copy, audit entry, and the draft is gone.</summary>
internal sealed class Posting(PortalDatabase database, DataKeys keys, SealedBlobs blobs, Sharing sharing, TrustStores trustStores)
{
    /// <param name="actor">The sender.</param>
    /// <param name="draft">What was sent; it is gone afterwards.</param>
    /// <param name="message">Signed and encrypted.</param>
    /// <param name="files">That travel with it.</param>
    /// <param name="departure">From where.</param>
    /// <param name="confirmed">Warnings of rules that the sender has confirmed.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The Sent copy; null when the draft was sent or discarded elsewhere meanwhile.</returns>
    public async Task<StoredMessageId?> PostAsync(
        Actor.Person actor,
        Draft draft,
        ProtectionOutcome.Ready message,
        IReadOnlyList<DepartingFile> files,
        Departure departure,
        IReadOnlyList<DecidingRule> confirmed,
        DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        using var span = Spans.Start("portal.post", actor.Organisation);
        using var key = await keys.OfMailboxAsync(actor.Organisation, draft.MailboxId, cancellationToken);
        var reported = await ReportAsync(actor.Organisation, message, at, cancellationToken);
        var resting = message.Envelopes.SingleOrDefault(one => one.RestsHere);
        using var shared = resting is null ? null : await sharing.PrepareAsync(actor.Organisation, resting.Content, cancellationToken);
        var beside = files.Select(one => one.Beside).OfType<LargeFile>().ToList();
        await using var db = await database.WriteAsync(actor.Organisation, cancellationToken);
        if (!await MaySendAsync(db, actor, draft, cancellationToken) || !await db.DeleteDraftAsync(draft, files.Where(one => one.Beside is not null).Select(one => one.File.Content).ToList(), cancellationToken))
        {
            return null;
        }

        var sentCopy = await AddSentCopyAsync(db, actor, draft, message, reported, key, at, cancellationToken);
        var now = await db.NowAsync(cancellationToken);
        foreach (var envelope in message.Envelopes.Where(one => !one.RestsHere))
        {
            var outgoing = new OutboxMessage(
                actor.Organisation, draft.MailboxId, sentCopy.Id, envelope.Content.Id, envelope.Content.Sha256, notice: false, at);
            db.OutboxMessages.Add(outgoing);
            db.Deliveries.AddRange(envelope.Recipients.Select(one => Deliveries.To(
                one.Address.ToString(), outgoing, key, at, one.Algorithms is { } chosen ? AppliedAlgorithms.Of(chosen).ToString() : null)));
            WorkQueue.Enqueue(db, actor.Organisation, WorkKind.Dispatch, outgoing.Id.Value, now);
        }

        if (shared is not null)
        {
            var recipients = resting!.Recipients.Select(one => one.Address.ToString()).Distinct(StringComparer.OrdinalIgnoreCase);
            var secure = await shared.AddAsync(db, sentCopy, reported.Report, recipients, key, departure, cancellationToken);
            beside.ForEach(one => one.RestWith(secure.Id, secure.ExpiresAt));
        }

        beside.ForEach(one => one.BelongTo(sentCopy.Id));
        db.LargeFiles.AddRange(beside);

        await CertificateUses.SentAsync(
            db,
            actor.Organisation,
            message.SigningKey,
            message.Envelopes.SelectMany(envelope => envelope.Recipients).Where(one => !one.Inside && one.IsEncrypted).Select(one => one.Certificate!.Certificate),
            at,
            cancellationToken);
        db.Record(message.KeyUses);
        db.Record(new AuditEvent(actor, AuditAction.MessageSent, sentCopy.Id.Value, Detail(message, confirmed)));
        db.Announce(draft.MailboxId);
        await db.CommitAsync(cancellationToken);
        return sentCopy.Id;
    }

    // What waits for its time is not sent by hand; and what its writer took back while a worker signed it is not sent at all.
    private static async Task<bool> MaySendAsync(PortalDbContext db, Actor.Person actor, Draft draft, CancellationToken cancellationToken) =>
        actor.Permit is { } permit
            ? await db.SigningPermits.Where(one => one.OrganisationId == actor.Organisation && one.Id == permit && one.Subject == draft.Id.Value).ExecuteDeleteAsync(cancellationToken) == 1
            : !await db.Drafts.AnyAsync(one => one.OrganisationId == actor.Organisation && one.Id == draft.Id && one.SendAt != null, cancellationToken);

    /// <summary>The Sent copy is judged like any message: its sender sees what others will.</summary>
    private async Task<ReportedMessage> ReportAsync(
        OrganisationId organisation, ProtectionOutcome.Ready message, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var raw = await blobs.OpenAsync(organisation, message.SentCopy.Id, cancellationToken);
        var context = new OpeningContext(await trustStores.OfAsync(organisation, TrustPurpose.Signatures, cancellationToken), NoKeys.Instance, at);
        await using var opened = await MessageOpener.OpenAsync(raw, context, cancellationToken);
        var reported = await ReportWriting.WriteAsync(opened, isSent: true, cancellationToken);
        var verdict = reported.Report.Verdict with { Encrypted = IsEncrypted(message), RestsHere = message.Envelopes.All(one => one.RestsHere) };
        return reported with { Report = reported.Report with { Verdict = verdict } };
    }

    private static async Task<StoredMessage> AddSentCopyAsync(
        PortalDbContext db,
        Actor.Person actor,
        Draft draft,
        ProtectionOutcome.Ready message,
        ReportedMessage reported,
        SealingKey key,
        DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        var folder = await db.Folders
            .Where(one => one.OrganisationId == actor.Organisation && one.MailboxId == draft.MailboxId && one.Kind == FolderKind.Sent)
            .Select(one => one.Id)
            .SingleAsync(cancellationToken);
        var copy = new StoredMessage(actor.Organisation, draft.MailboxId, folder, message.SentCopy.Id, message.SentCopy.Length, at);
        copy.Open(
            reported.Report.Verdict.Verdict,
            IsEncrypted(message),
            reported.Report.Attachments.Count > 0,
            reported.Listing.Seal(key, copy.Id),
            reported.Report.Seal(key, copy.Id),
            contentKeys: null);
        copy.Mark(read: true);
        db.Messages.Add(copy);
        return copy;
    }

    // As it travelled, to everybody.
    private static bool IsEncrypted(ProtectionOutcome.Ready message) =>
        message.Envelopes.All(envelope => envelope.Recipients.All(recipient => recipient.IsConfidential));

    private static Dictionary<string, string> Detail(ProtectionOutcome.Ready message, IReadOnlyList<DecidingRule> confirmed)
    {
        var recipients = message.Envelopes.SelectMany(envelope => envelope.Recipients).ToList();
        var detail = recipients.GroupBy(recipient => recipient.Handling).ToDictionary(group => group.Key.ToString(), group => $"{group.Count()}");
        Name("rules", recipients.SelectMany(recipient => recipient.Decision.Deciding));
        Name("confirmed", confirmed);
        return detail;

        void Name(string fact, IEnumerable<DecidingRule> rules)
        {
            if (string.Join(' ', rules.Select(rule => rule.Id).Distinct()) is { Length: > 0 } ids)
            {
                detail[fact] = ids;
            }
        }
    }
}
