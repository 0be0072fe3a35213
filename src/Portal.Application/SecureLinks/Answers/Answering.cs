using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Inbox;
using Portal.Application.LargeFiles;
using Portal.Application.Mailboxes;
using Portal.Application.Organisations;
using Portal.Application.Protection;
using Portal.Application.Work;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Application.SecureLinks.Answers;

/// <summary>Sends what a reader wrote: into the mailboxes here, and by links to the others outside. Nothing of it leaves the portal.</summary>
public sealed class Answering
{
    /// <summary>Further addresses of one message.</summary>
    public const int MostOthers = 20;

    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly SealedBlobs _blobs;
    private readonly Quotas.Quotas _quotas;
    private readonly ReadersLinks _links;
    private readonly ReaderDrafts _drafts;
    private readonly AnswerRecipients _recipients;
    private readonly Departing _departing;
    private readonly SecureLinkOptions _options;
    private readonly TimeProvider _clock;

    internal Answering(
        PortalDatabase database,
        DataKeys keys,
        SealedBlobs blobs,
        Quotas.Quotas quotas,
        ReadersLinks links,
        ReaderDrafts drafts,
        AnswerRecipients recipients,
        Departing departing,
        IOptions<SecureLinkOptions> options,
        TimeProvider clock)
    {
        (_database, _keys, _blobs, _quotas) = (database, keys, blobs, quotas);
        (_links, _drafts, _recipients, _departing, _options, _clock) = (links, drafts, recipients, departing, options.Value, clock);
    }

    public async Task<AnswerSending> SendAsync(SignedInReader reader, ReaderDraftId id, CancellationToken cancellationToken)
    {
        try
        {
            return await _drafts.LoadAsync(reader, id, cancellationToken) is var (draft, files)
                ? await SendAsync(reader, draft, files, cancellationToken)
                : new AnswerSending.Gone();
        }
        catch (KeyStoreException)
        {
            return new AnswerSending.Refused(AnswerProblem.KeyUnavailable);
        }
    }

    /// <returns>Their own link to what they have sent of it; null where it was not sent.</returns>
    public async Task<SecureLinkId?> FindSentAsync(SignedInReader reader, ReaderDraftId id, CancellationToken cancellationToken)
    {
        var (organisation, message) = (reader.Actor.Organisation, SecureMessageId.From(id.Value));
        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        var links = await db.SecureLinks
            .Where(one => one.OrganisationId == organisation && one.MessageId == message && one.ReaderId == reader.Actor.Id)
            .Select(one => one.Id)
            .Take(1)
            .ToListAsync(cancellationToken);
        return links.Count == 1 ? links[0] : null;
    }

    // Mail counts in seconds.
    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(_clock.GetUtcNow().ToUnixTimeSeconds());

    private async Task<AnswerSending> SendAsync(SignedInReader reader, ReaderDraft draft, List<ReaderFile> files, CancellationToken cancellationToken)
    {
        using var key = await _keys.OfOrganisationAsync(reader.Actor.Organisation, cancellationToken);
        var context = await ContextAsync(reader, draft, cancellationToken);
        if (draft.AnswersId is not null && context.Answered is null)
        {
            return new AnswerSending.Refused(AnswerProblem.NotOpened);
        }

        var content = draft.Content(key);
        var offered = await _drafts.OfferedAsync(reader, draft, key, cancellationToken);
        var resolved = await _recipients.ResolveAsync(reader.Actor, offered, content, context.Policy.Reach, cancellationToken);
        if (!files.TrueForAll(one => one.IsWhole))
        {
            return new AnswerSending.Refused(AnswerProblem.FileIncomplete);
        }

        var departing = await DepartAsync(context, files, key, cancellationToken);
        if (await ProblemAsync(context, content, departing, resolved, cancellationToken) is { } problem)
        {
            return problem;
        }

        await using var raw = await ComposeAsync(context, content, departing, resolved.Recipients, key, cancellationToken);
        return await PostAsync(reader, draft, content, context, raw, departing, resolved.Recipients, key, cancellationToken);
    }

    private async Task<IReadOnlyList<DepartingFile>> DepartAsync(Context context, List<ReaderFile> files, SealingKey key, CancellationToken cancellationToken)
    {
        var (mailbox, now) = (context.Mailbox, Now);
        var quota = await _quotas.OfAsync(mailbox.OrganisationId, cancellationToken);
        return await _departing.PrepareAsync(
            mailbox.OrganisationId, mailbox.Id, files.ConvertAll(one => one.Description(key).Kept(one.ContentId, one.Length)), quota, now, now.AddDays(context.Policy.LinkDays), cancellationToken);
    }

    private async Task<AnswerSending.Refused?> ProblemAsync(
        Context context, ReaderDraftContent content, IReadOnlyList<DepartingFile> files, ResolvedRecipients resolved, CancellationToken cancellationToken)
    {
        if (resolved.AreTooMany)
        {
            return new AnswerSending.Refused(AnswerProblem.TooManyOthers);
        }

        if (resolved.NotReached is not null)
        {
            return new AnswerSending.Refused(AnswerProblem.NotReached);
        }

        if (resolved.Recipients.Count == 0)
        {
            return new AnswerSending.Refused(AnswerProblem.NoRecipient);
        }

        if (string.IsNullOrWhiteSpace(content.Text) && files.Count == 0)
        {
            return new AnswerSending.Refused(AnswerProblem.Empty);
        }

        var length = files.Where(one => one.Beside is null).Sum(one => one.File.Length);
        foreach (var one in resolved.Recipients)
        {
            if (one.Inside is { } place && await _quotas.RoomAsync(place.Organisation, place.Mailbox, cancellationToken) <= length)
            {
                return new AnswerSending.Refused(AnswerProblem.NoRoom);
            }
        }

        var since = _clock.GetUtcNow() - TimeSpan.FromDays(1);
        await using var db = await _database.ReadAsync(context.Mailbox.OrganisationId, cancellationToken);
        var sent = await db.SecureMessages.CountAsync(
            one => one.OrganisationId == context.Mailbox.OrganisationId && one.AuthorId == context.Reader.Id && one.CreatedAt > since, cancellationToken);
        return sent >= _options.MessagesPerDay ? new AnswerSending.Refused(AnswerProblem.TooMany) : null;
    }

    private async Task<Spool> ComposeAsync(
        Context context, ReaderDraftContent content, IReadOnlyList<DepartingFile> files, IReadOnlyList<AnswerRecipient> recipients, SealingKey key, CancellationToken cancellationToken)
    {
        var own = context.Reader.Address(key);
        var known = context.Answered?.Report is { } report ? report.To.Concat(report.Cc).FirstOrDefault(one => string.Equals(one.Address, own, StringComparison.OrdinalIgnoreCase)) : null;
        var named = recipients.Select(one => new NamedAddress(one.Name, one.Address.ToString())).ToList();
        var first = context.Answered is null ? named.Count : 1;
        var domain = context.Mailbox.Address[(context.Mailbox.Address.IndexOf('@', StringComparison.Ordinal) + 1)..];
        var message = new PlainMessage(
            new NamedAddress(known?.Name ?? string.Empty, own),
            named[..first],
            named[first..],
            content.Subject,
            $"{Guid.NewGuid():N}@{domain}",
            context.Answered?.Report.MessageId,
            Now,
            content.Text);
        var opened = new List<OutgoingFile>();
        try
        {
            foreach (var file in files)
            {
                opened.Add(await _departing.OpenAsync(context.Mailbox.OrganisationId, file, cancellationToken));
            }

            return await message.WriteAsync(opened, cancellationToken);
        }
        finally
        {
            opened.OfType<OutgoingFile.Inside>().ToList().ForEach(one => one.Content.Dispose());
        }
    }

    private async Task<AnswerSending> PostAsync(
        SignedInReader reader,
        ReaderDraft draft,
        ReaderDraftContent written,
        Context context,
        Spool raw,
        IReadOnlyList<DepartingFile> files,
        IReadOnlyList<AnswerRecipient> recipients,
        SealingKey key,
        CancellationToken cancellationToken)
    {
        var (organisation, now) = (reader.Actor.Organisation, Now);
        var report = await ReportAsync(raw, reader.Proof, now, cancellationToken);
        var content = await StoreAsync(raw, context.Mailbox, cancellationToken);
        var arrivals = new List<(MailboxPlace Place, StoredBlob Raw, byte[] Token)>();
        foreach (var place in recipients.Select(one => one.Inside).OfType<MailboxPlace>().DistinctBy(one => one.Mailbox))
        {
            raw.Position = 0;
            var stored = await _blobs.WriteAsync(organisation, place.Mailbox, raw, long.MaxValue, cancellationToken);
            using var own = await _keys.OfMailboxAsync(organisation, place.Mailbox, cancellationToken);
            arrivals.Add((place, stored, own.Token(stored.Sha256)));
        }

        using var contentKey = await _blobs.KeyOfAsync(organisation, content.Id, cancellationToken);
        using var mailboxKey = await _keys.OfMailboxAsync(organisation, context.Mailbox.Id, cancellationToken);
        await using var db = await _database.WriteAsync(organisation, cancellationToken);
        await Readers.HoldAsync(db, organisation, reader.Actor.Id, cancellationToken);
        if (await db.ReaderDrafts.Where(one => one.OrganisationId == organisation && one.Id == draft.Id).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            return new AnswerSending.Gone();
        }

        var message = new SecureMessage(SecureMessageId.From(draft.Id.Value), context.Mailbox, sentCopy: null, reader.Actor.Id, content.Id, now, now.AddDays(context.Policy.LinkDays));
        message.Ask(LinkChoices.None, context.Policy);
        if (context.Answered is { } answered)
        {
            message.AskLike(answered.Link.Message);
        }

        message.WasWritten(written.Token(key));
        message.Join(report.MessageId, context.Answered?.Link.Message.ConversationId, key);
        var address = context.Reader.Address(key);
        message.Describe(new LinkSender(report.From is { Name.Length: > 0 } from ? from.Name : address, address), key, report, contentKey);
        db.SecureMessages.Add(message);
        foreach (var beside in files.Select(one => one.Beside).OfType<LargeFile>())
        {
            beside.RestWith(message.Id, message.ExpiresAt);
            db.LargeFiles.Add(beside);
        }

        var kept = AddOwn(db, reader, context, message, address, contentKey, mailboxKey, _clock);
        var outside = recipients.Where(one => one.Inside is null).Select(one => new SecureLink(message, one.Address.ToString(), mailboxKey)).ToList();
        if (outside.Count > 0)
        {
            db.SecureLinks.AddRange(outside);
            WorkQueue.Enqueue(db, organisation, WorkKind.ShareMessage, message.Id.Value, await db.NowAsync(cancellationToken));
        }

        foreach (var (place, stored, token) in arrivals)
        {
            (await Arrivals.EnterAsync(db, organisation, place.Mailbox, stored, token, now, cancellationToken)).WasWrittenHere(reader.Proof);
        }

        db.Record(new AuditEvent(reader.Actor, AuditAction.ReaderWrote, message.Id.Value, new Dictionary<string, string>
        {
            ["inside"] = $"{arrivals.Count}",
            ["outside"] = $"{outside.Count}",
            ["proof"] = reader.Proof.ToString(),
        }));
        await db.CommitAsync(cancellationToken);
        return new AnswerSending.Sent(kept.Id);
    }

    /// <summary>What they wrote stays open for them in this session, and is theirs to open later, unless it answers what opens once.</summary>
    private static SecureLink AddOwn(
        PortalDbContext db, SignedInReader reader, Context context, SecureMessage message, string address, SealingKey content, SealingKey mailbox, TimeProvider clock)
    {
        var link = new SecureLink(message, address, mailbox);
        link.Keep(context.Reader, message.OpensOnce ? null : LinkWrapping.Wrap(content, context.Key, link.Id), clock.GetUtcNow());
        db.SecureLinks.Add(link);
        db.LinkOpenings.Add(ReadersLink.Open(reader, link, content, clock.GetUtcNow()));
        return link;
    }

    private async Task<StoredBlob> StoreAsync(Spool raw, Mailbox mailbox, CancellationToken cancellationToken)
    {
        raw.Position = 0;
        return await _blobs.WriteAsync(mailbox.OrganisationId, mailbox.Id, raw, long.MaxValue, cancellationToken);
    }

    private static async Task<MessageReport> ReportAsync(Spool raw, ReaderProof proof, DateTimeOffset now, CancellationToken cancellationToken)
    {
        raw.Position = 0;
        await using var opened = await MessageOpener.OpenAsync(raw, new OpeningContext(TrustStore.Empty, NoKeys.Instance, now), cancellationToken);
        var report = (await ReportWriting.WriteAsync(opened, isSent: true, cancellationToken)).Report;
        return report with { Verdict = report.Verdict with { Encrypted = true, RestsHere = true, WrittenHere = proof.ToString() } };
    }

    private async Task<Context> ContextAsync(SignedInReader reader, ReaderDraft draft, CancellationToken cancellationToken)
    {
        var answered = draft.AnswersId is { } answers ? await _links.OpenedAsync(reader, answers, cancellationToken) : null;
        var organisation = reader.Actor.Organisation;
        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        var row = await db.Readers.SingleAsync(one => one.OrganisationId == organisation && one.Id == reader.Actor.Id, cancellationToken);
        return new Context(
            row,
            await db.ManagedKeys.SingleAsync(one => one.OrganisationId == organisation && one.Id == row.KeyId, cancellationToken),
            await db.Mailboxes.SingleAsync(one => one.OrganisationId == organisation && one.Id == draft.MailboxId, cancellationToken),
            (await db.Organisations.SingleAsync(one => one.Id == organisation, cancellationToken)).Readers,
            answered);
    }

    /// <param name="Reader">Who writes.</param>
    /// <param name="Key">Theirs.</param>
    /// <param name="Mailbox">Whose room it takes.</param>
    /// <param name="Policy">The organisation's.</param>
    /// <param name="Answered">What they answer, open in this session.</param>
    private sealed record Context(Reader Reader, KeyBroker.ManagedKey Key, Mailbox Mailbox, ReaderPolicy Policy, OpenedLink? Answered);
}
