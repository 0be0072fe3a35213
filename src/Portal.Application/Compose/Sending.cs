using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Domains;
using Portal.Application.Inbox;
using Portal.Application.LargeFiles;
using Portal.Application.Mailboxes;
using Portal.Application.Organisations;
using Portal.Application.Policies;
using Portal.Application.Protection;
using Portal.Application.SecureLinks;
using Portal.Application.Telemetry;
using Portal.Smime.Keys;

namespace Portal.Application.Compose;

/// <summary>The act of sending: says beforehand what will happen, and then does exactly that.</summary>
public sealed class Sending
{
    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly OutgoingPlanning _planning;
    private readonly Departing _departing;
    private readonly MessageComposition _composition;
    private readonly MessageProtection _protection;
    private readonly Posting _posting;
    private readonly SenderDomains _senderDomains;
    private readonly Quotas.Quotas _quotas;
    private readonly TimeProvider _clock;

    internal Sending(
        PortalDatabase database,
        DataKeys keys,
        OutgoingPlanning planning,
        Departing departing,
        MessageComposition composition,
        MessageProtection protection,
        Posting posting,
        SenderDomains senderDomains,
        Quotas.Quotas quotas,
        TimeProvider clock)
    {
        (_database, _keys, _planning, _departing) = (database, keys, planning, departing);
        (_composition, _protection, _posting, _senderDomains, _quotas, _clock) = (composition, protection, posting, senderDomains, quotas, clock);
    }

    /// <param name="actor">The sender.</param>
    /// <param name="draft">What it may answer counts.</param>
    /// <param name="content">As it is typed now.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when the draft is gone.</returns>
    /// <exception cref="KeyStoreException">What it answers cannot be read now.</exception>
    public async Task<SendPreview?> PreviewAsync(Actor.Person actor, DraftId draft, DraftContent content, CancellationToken cancellationToken)
    {
        return await FindAsync(actor, draft, cancellationToken) is { } found ? await PreviewAsync(actor, found.Origin, content, cancellationToken) : null;
    }

    /// <summary>Of a new message, of which nothing is kept yet.</summary>
    public async Task<SendPreview?> PreviewAsync(Actor.Person actor, MailboxId mailbox, DraftContent content, CancellationToken cancellationToken)
    {
        Mailbox? from;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            from = await db.Mailboxes.OwnedBy(actor).SingleOrDefaultAsync(one => one.Id == mailbox, cancellationToken);
        }

        return from is null ? null : await PreviewAsync(actor, new Origin(from, null, false), content, cancellationToken);
    }

    private async Task<SendPreview> PreviewAsync(Actor.Person actor, Origin origin, DraftContent content, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(actor, content, origin, Now, cancellationToken);
        return new SendPreview(
            plan.Outcomes,
            plan.Policy.AllowsSignedOnly && !origin.AnswersEncrypted,
            plan.Policy.AllowsUnprotected && !origin.AnswersEncrypted,
            origin.AnswersEncrypted,
            await StaysInsideAsync(actor.Organisation, origin, plan, cancellationToken),
            (await _quotas.OfAsync(actor.Organisation, cancellationToken)).Recipients,
            plan.Policy.Readers);
    }

    public Task<SendOutcome> SendAsync(Actor.Person actor, DraftId id, UnencryptableChoice choice, CancellationToken cancellationToken) =>
        SendAsync(actor, id, choice, [], null, cancellationToken);

    /// <param name="actor">The sender.</param>
    /// <param name="id">The draft.</param>
    /// <param name="choice">About whoever cannot be sent to as it should be.</param>
    /// <param name="confirmed">Warnings of rules that the sender has read.</param>
    /// <param name="percent">Told how far it is, 1 to 99; null where nobody waits.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<SendOutcome> SendAsync(
        Actor.Person actor,
        DraftId id,
        UnencryptableChoice choice,
        IReadOnlyCollection<ConfirmedWarning> confirmed,
        IProgress<int>? percent,
        CancellationToken cancellationToken)
    {
        using var span = Spans.Start("portal.send", actor.Organisation)?.SetTag("portal.draft", id.ToString());
        var outcome = await AttemptAsync(actor, id, choice, confirmed, percent, cancellationToken);
        span?.SetTag("portal.outcome", (outcome as SendOutcome.Refused)?.Problem.ToString() ?? outcome.GetType().Name)
            .SetTag("portal.message", (outcome as SendOutcome.Accepted)?.SentCopy.ToString());
        return outcome;
    }

    // Certificates and mail count in seconds.
    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(_clock.GetUtcNow().ToUnixTimeSeconds());

    /// <returns>Null when it could be sent as it is now.</returns>
    internal async Task<SendOutcome?> CheckAsync(
        Actor.Person actor, DraftId id, UnencryptableChoice choice, IReadOnlyCollection<ConfirmedWarning> confirmed, CancellationToken cancellationToken)
    {
        try
        {
            return await PrepareAsync(actor, id, choice, confirmed, cancellationToken) is Preparation.Refused refused ? refused.Outcome : null;
        }
        catch (KeyStoreException)
        {
            return new SendOutcome.Refused(SendProblem.KeyUnavailable, [], []);
        }
    }

    private async Task<SendOutcome> AttemptAsync(
        Actor.Person actor,
        DraftId id,
        UnencryptableChoice choice,
        IReadOnlyCollection<ConfirmedWarning> confirmed,
        IProgress<int>? percent,
        CancellationToken cancellationToken)
    {
        OutgoingPlan? plan = null;
        try
        {
            var preparation = await PrepareAsync(actor, id, choice, confirmed, cancellationToken);
            if (preparation is not Preparation.Ready ready)
            {
                return ((Preparation.Refused)preparation).Outcome;
            }

            plan = ready.Plan;
            return await CarryOutAsync(actor, ready, percent, cancellationToken);
        }
        catch (KeyStoreException)
        {
            return new SendOutcome.Refused(SendProblem.KeyUnavailable, plan?.Outcomes ?? [], []);
        }
    }

    private async Task<Preparation> PrepareAsync(
        Actor.Person actor, DraftId id, UnencryptableChoice choice, IReadOnlyCollection<ConfirmedWarning> confirmed, CancellationToken cancellationToken)
    {
        if (await FindAsync(actor, id, cancellationToken) is not var (draft, view, files, origin))
        {
            return new Preparation.Refused(new SendOutcome.Gone());
        }

        if (view.Attachments.Any(one => !one.IsWhole))
        {
            return new Preparation.Refused(new SendOutcome.Refused(SendProblem.FileIncomplete, [], []));
        }

        var date = Now;
        var plan = await PlanAsync(actor, view.Content, origin, date, cancellationToken);
        if (SendDecision.Problem(plan, choice, origin.AnswersEncrypted, view.Content.Links ?? LinkChoices.None) is { } problem)
        {
            return new Preparation.Refused(Refused(problem, plan));
        }

        if (await StaysInsideAsync(actor.Organisation, origin, plan, cancellationToken))
        {
            return new Preparation.Refused(Refused(SendProblem.DomainNotProved, plan));
        }

        var chosen = SendDecision.Chosen(plan, choice);
        var warnings = SendDecision.Warnings(chosen);
        if (warnings.Where(one => !confirmed.Contains(new ConfirmedWarning(one.Id, one.Version))).ToList() is { Count: > 0 } unconfirmed)
        {
            return new Preparation.Refused(new SendOutcome.Refused(SendProblem.Unconfirmed, plan.Outcomes, unconfirmed));
        }

        var leaving = await DepartAsync(actor, view, files, plan.Policy.Readers, date, cancellationToken);
        return await OverQuotaAsync(actor, view, leaving, plan.Recipients.Count, cancellationToken) is { } over
            ? new Preparation.Refused(Refused(over, plan))
            : new Preparation.Ready(view, draft, origin, leaving, plan, chosen, warnings, date);
    }

    private async Task<SendOutcome> CarryOutAsync(Actor.Person actor, Preparation.Ready decided, IProgress<int>? percent, CancellationToken cancellationToken)
    {
        var (view, origin, files) = (decided.View, decided.Origin, decided.Files);
        var written = view with { Content = view.Content with { Subject = decided.Plan.Subject } };
        var typed = decided.Chosen.ConvertAll(one => one.Typed);
        var recipients = decided.Chosen.ConvertAll(one => one.Recipient! with
        {
            Handling = one.Recipient.CannotBeEncrypted ? RecipientHandling.SignedOnly : one.Recipient.Handling,
        });
        Action<int>? passed = percent is null
            ? null
            : new SendProgress(written.Content.Body.Length + InsideBytes(files), MessageProtection.Groups(recipients).Count(), percent).Pass;
        var message = await _composition.ComposeAsync(
            written, files, typed, origin.Mailbox, origin.AnsweredMessageId, decided.Date, ForOldReaders(recipients), passed, cancellationToken);
        await using var entity = message.Entity;
        var outcome = await _protection.ProtectAsync(actor, view.Mailbox, message, recipients, passed, cancellationToken);
        if (outcome is not ProtectionOutcome.Ready ready)
        {
            var problem = outcome switch
            {
                ProtectionOutcome.KeyDisabled => SendProblem.KeyDisabled,
                ProtectionOutcome.NoCertificate => SendProblem.NoCertificate,
                _ => SendProblem.NotPermitted,
            };
            return Refused(problem, decided.Plan);
        }

        return await _posting.PostAsync(actor, decided.Draft, ready, files, new Departure(origin.Mailbox, origin.AnsweredMessageId, view.Content.Links ?? LinkChoices.None), decided.Warnings, decided.Date, cancellationToken) is { } sentCopy
            ? new SendOutcome.Accepted(sentCopy)
            : new SendOutcome.Gone();
    }

    // Inside, the portal itself reads; and where somebody gets it signed only, the subject is not hidden.
    private static bool ForOldReaders(List<PlannedRecipient> recipients) =>
        recipients.TrueForAll(one => one.IsEncrypted) && recipients.Exists(one => !one.Inside);

    private async Task<IReadOnlyList<DepartingFile>> DepartAsync(
        Actor.Person actor, DraftView view, List<DraftAttachment> files, ReaderPolicy policy, DateTimeOffset date, CancellationToken cancellationToken)
    {
        using var key = await _keys.OfMailboxAsync(actor.Organisation, view.Mailbox, cancellationToken);
        var kept = files.ConvertAll(one => one.Description(key).Kept(one.ContentId, one.Length));
        var quota = await _quotas.OfAsync(actor.Organisation, cancellationToken);
        return await _departing.PrepareAsync(actor.Organisation, view.Mailbox, kept, quota, date, date.AddDays(view.Content.Links?.Days ?? policy.LinkDays), cancellationToken);
    }

    private static long InsideBytes(IEnumerable<DepartingFile> files) => files.Where(one => one.Beside is null).Sum(one => one.File.Length);

    private async Task<SendProblem?> OverQuotaAsync(
        Actor.Person actor, DraftView view, IReadOnlyList<DepartingFile> files, int recipients, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var quota = await _quotas.OfAsync(db, actor.Organisation, cancellationToken);
        if (recipients > quota.Recipients)
        {
            return SendProblem.TooManyRecipients;
        }

        // What is inside is stored once more, in the Sent copy.
        if (await _quotas.RoomAsync(db, quota, actor.Organisation, view.Mailbox, cancellationToken) <= InsideBytes(files))
        {
            return SendProblem.MailboxFull;
        }

        var since = _clock.GetUtcNow() - TimeSpan.FromDays(1);
        var sent = await db.OutboxMessages
            .Where(one => one.OrganisationId == actor.Organisation && one.SenderId == view.Mailbox && !one.IsNotice && one.CreatedAt > since)
            .Select(one => one.SentCopyId)
            .Distinct()
            .CountAsync(cancellationToken);
        return sent >= quota.MessagesPerDay ? SendProblem.TooManyMessages : null;
    }

    private static SendOutcome.Refused Refused(SendProblem problem, OutgoingPlan plan) => new(problem, plan.Outcomes, []);

    /// <summary>Whose a message is and what it answers.</summary>
    private sealed record Origin(Mailbox Mailbox, string? AnsweredMessageId, bool AnswersEncrypted);

    private sealed record Found(Draft Draft, DraftView View, List<DraftAttachment> Files, Origin Origin);

    private abstract record Preparation
    {
        public sealed record Ready(
            DraftView View,
            Draft Draft,
            Origin Origin,
            IReadOnlyList<DepartingFile> Files,
            OutgoingPlan Plan,
            List<Planned> Chosen,
            List<DecidingRule> Warnings,
            DateTimeOffset Date) : Preparation;

        public sealed record Refused(SendOutcome Outcome) : Preparation;
    }

    private Task<OutgoingPlan> PlanAsync(Actor.Person actor, DraftContent content, Origin origin, DateTimeOffset date, CancellationToken cancellationToken)
    {
        var typed = TypedAddresses.Read(content);
        var header = MessageComposition.Header(content.Subject, typed.Where(one => one.Address is not null), origin.Mailbox, origin.AnsweredMessageId, date);
        return _planning.PlanAsync(actor.Organisation, actor.Roles, typed, header, content.Subject, content.Protect, cancellationToken);
    }

    private async Task<Found?> FindAsync(Actor.Person actor, DraftId id, CancellationToken cancellationToken)
    {
        StoredDraft? stored;
        StoredMessage? answered;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            stored = await db.FindDraftAsync(actor, id, cancellationToken);
            answered = stored?.Draft.AnswersId is { } answers
                ? await db.MessagesOf(actor).SingleOrDefaultAsync(one => one.Id == answers, cancellationToken)
                : null;
        }

        if (stored is null)
        {
            return null;
        }

        using var key = await _keys.OfMailboxAsync(actor.Organisation, stored.Mailbox.Id, cancellationToken);
        var answeredId = answered is { State: MessageState.Opened } ? MessageReport.Open(key, answered).MessageId : null;
        return new Found(stored.Draft, stored.View(key), stored.Attachments, new Origin(stored.Mailbox, answeredId, answered?.Encrypted ?? false));
    }

    /// <returns>True when the sender's domain is only claimed, and somebody of the plan is not of the same organisation.</returns>
    private async Task<bool> StaysInsideAsync(OrganisationId organisation, Origin origin, OutgoingPlan plan, CancellationToken cancellationToken)
    {
        var sender = origin.Mailbox.Address;
        if (await _senderDomains.IsProvedAsync(organisation, sender, cancellationToken))
        {
            return false;
        }

        foreach (var recipient in plan.Recipients.Select(one => one.Recipient).OfType<PlannedRecipient>())
        {
            if (!await _senderDomains.MayReachAsync(organisation, sender, AddressKey.Of(recipient.Address), cancellationToken))
            {
                return true;
            }
        }

        return false;
    }
}
