using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Domains;
using Portal.Application.Inbox;
using Portal.Application.Mailboxes;
using Portal.Application.Organisations;
using Portal.Application.Protection;
using Portal.Application.Telemetry;
using Portal.Smime.Keys;

namespace Portal.Application.Compose;

/// <summary>The act of sending: says beforehand what will happen, and then does exactly that.</summary>
public sealed class Sending
{
    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly OrganisationPolicies _policies;
    private readonly Drafts _drafts;
    private readonly RecipientPlanning _planning;
    private readonly MessageComposition _composition;
    private readonly MessageProtection _protection;
    private readonly Posting _posting;
    private readonly SenderDomains _senderDomains;
    private readonly Quotas.Quotas _quotas;
    private readonly TimeProvider _clock;

    internal Sending(
        PortalDatabase database,
        DataKeys keys,
        OrganisationPolicies policies,
        Drafts drafts,
        RecipientPlanning planning,
        MessageComposition composition,
        MessageProtection protection,
        Posting posting,
        SenderDomains senderDomains,
        Quotas.Quotas quotas,
        TimeProvider clock)
    {
        (_database, _keys, _policies, _drafts, _planning) = (database, keys, policies, drafts, planning);
        (_composition, _protection, _posting, _senderDomains, _quotas, _clock) = (composition, protection, posting, senderDomains, quotas, clock);
    }

    /// <param name="actor">The sender.</param>
    /// <param name="draft">What it may answer counts.</param>
    /// <param name="content">As it is typed now.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<SendPreview> PreviewAsync(Actor.Person actor, DraftId draft, DraftContent content, CancellationToken cancellationToken)
    {
        var policy = await _policies.ReadAsync(actor.Organisation, cancellationToken);
        var plan = await PlanAsync(actor, content, policy, cancellationToken);
        var passesOnEncrypted = await PassesOnEncryptedAsync(actor, draft, cancellationToken);
        return new SendPreview(
            plan.Select(Outcome).ToList(),
            policy.AllowsSignedOnly && !passesOnEncrypted,
            policy.AllowsUnprotected && !passesOnEncrypted,
            passesOnEncrypted,
            await StaysInsideAsync(actor, draft, plan, cancellationToken),
            (await _quotas.OfAsync(actor.Organisation, cancellationToken)).Recipients);
    }

    public async Task<SendOutcome> SendAsync(Actor.Person actor, DraftId id, UnencryptableChoice choice, CancellationToken cancellationToken)
    {
        using var span = Spans.Start("portal.send", actor.Organisation)?.SetTag("portal.draft", id.ToString());
        var outcome = await AttemptAsync(actor, id, choice, cancellationToken);
        span?.SetTag("portal.outcome", (outcome as SendOutcome.Refused)?.Problem.ToString() ?? outcome.GetType().Name)
            .SetTag("portal.message", (outcome as SendOutcome.Accepted)?.SentCopy.ToString());
        return outcome;
    }

    private async Task<SendOutcome> AttemptAsync(Actor.Person actor, DraftId id, UnencryptableChoice choice, CancellationToken cancellationToken)
    {
        if (await _drafts.OpenAsync(actor, id, cancellationToken) is not { } view || await LoadAsync(actor, view, cancellationToken) is not { } loaded)
        {
            return new SendOutcome.Gone();
        }

        var policy = await _policies.ReadAsync(actor.Organisation, cancellationToken);
        var plan = await PlanAsync(actor, view.Content, policy, cancellationToken);
        if (Problem(plan, choice, policy, loaded.AnswersEncrypted) is { } problem)
        {
            return Refused(problem, plan);
        }

        if (await StaysInsideAsync(actor, id, plan, cancellationToken))
        {
            return Refused(SendProblem.DomainNotProved, plan);
        }

        var chosen = plan.Where(one => !one.Recipient!.CannotBeEncrypted || choice == UnencryptableChoice.SendSignedOnly).ToList();
        if (await OverQuotaAsync(actor, view, plan.Count, cancellationToken) is { } over)
        {
            return Refused(over, plan);
        }

        try
        {
            return await SendAsync(actor, view, loaded, chosen, plan, cancellationToken);
        }
        catch (KeyStoreException)
        {
            return Refused(SendProblem.KeyUnavailable, plan);
        }
    }

    private async Task<SendOutcome> SendAsync(
        Actor.Person actor, DraftView view, LoadedDraft loaded, List<Planned> chosen, List<Planned> plan, CancellationToken cancellationToken)
    {
        // Certificates and mail count in seconds.
        var date = DateTimeOffset.FromUnixTimeSeconds(_clock.GetUtcNow().ToUnixTimeSeconds());
        var typed = chosen.ConvertAll(one => one.Typed);
        var message = await _composition.ComposeAsync(view, loaded.Files, typed, loaded.Mailbox, loaded.AnsweredMessageId, date, cancellationToken);
        await using var entity = message.Entity;
        var recipients = chosen.ConvertAll(one => one.Recipient! with
        {
            Handling = one.Recipient.CannotBeEncrypted ? RecipientHandling.SignedOnly : one.Recipient.Handling,
        });
        if (await _protection.ProtectAsync(actor, view.Mailbox, message, recipients, cancellationToken) is not ProtectionOutcome.Ready ready)
        {
            return Refused(SendProblem.NotPermitted, plan);
        }

        return await _posting.PostAsync(actor, loaded.Draft, ready, date, cancellationToken) is { } sentCopy
            ? new SendOutcome.Accepted(sentCopy)
            : new SendOutcome.Gone();
    }

    private async Task<SendProblem?> OverQuotaAsync(Actor.Person actor, DraftView view, int recipients, CancellationToken cancellationToken)
    {
        var quota = await _quotas.OfAsync(actor.Organisation, cancellationToken);
        if (view.Attachments.Sum(one => one.Length) > quota.MessageBytes)
        {
            return SendProblem.TooLarge;
        }

        if (recipients > quota.Recipients)
        {
            return SendProblem.TooManyRecipients;
        }

        // What is sent is stored once more, as its Sent copy.
        if (await _quotas.RoomAsync(actor.Organisation, view.Mailbox, cancellationToken) <= view.Attachments.Sum(one => one.Length))
        {
            return SendProblem.MailboxFull;
        }

        var since = _clock.GetUtcNow() - TimeSpan.FromDays(1);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var sent = await db.OutboxMessages
            .Where(one => one.OrganisationId == actor.Organisation && one.SenderId == view.Mailbox && !one.IsNotice && one.CreatedAt > since)
            .Select(one => one.SentCopyId)
            .Distinct()
            .CountAsync(cancellationToken);
        return sent >= quota.MessagesPerDay ? SendProblem.TooManyMessages : null;
    }

    private static SendOutcome.Refused Refused(SendProblem problem, List<Planned> plan) => new(problem, plan.ConvertAll(Outcome));

    private sealed record Planned(TypedAddress Typed, PlannedRecipient? Recipient);

    private sealed record LoadedDraft(Draft Draft, Mailbox Mailbox, List<DraftAttachment> Files, string? AnsweredMessageId, bool AnswersEncrypted);

    private static SendProblem? Problem(List<Planned> plan, UnencryptableChoice choice, OrganisationPolicy policy, bool answersEncrypted)
    {
        if (plan.Count == 0)
        {
            return SendProblem.NoRecipient;
        }

        if (plan.Count > TypedAddresses.Most)
        {
            return SendProblem.TooManyRecipients;
        }

        if (plan.Exists(one => one.Recipient is null))
        {
            return SendProblem.MalformedAddress;
        }

        // RFC 9787 §5.4: what came encrypted is not answered in the clear.
        var unprotected = plan.Exists(one => one.Recipient!.Handling == RecipientHandling.NotProtected);
        if (unprotected)
        {
            return policy.AllowsUnprotected && !answersEncrypted ? null : SendProblem.NotPermitted;
        }

        if (!plan.Exists(one => one.Recipient!.CannotBeEncrypted))
        {
            return null;
        }

        return choice switch
        {
            UnencryptableChoice.Ask => SendProblem.Unencryptable,
            UnencryptableChoice.LeaveOut => plan.TrueForAll(one => one.Recipient!.CannotBeEncrypted) ? SendProblem.NoRecipient : null,
            UnencryptableChoice.SendSignedOnly => policy.AllowsSignedOnly && !answersEncrypted ? null : SendProblem.NotPermitted,
        };
    }

    private async Task<List<Planned>> PlanAsync(Actor.Person actor, DraftContent content, OrganisationPolicy policy, CancellationToken cancellationToken)
    {
        var plan = new List<Planned>();
        foreach (var typed in TypedAddresses.Read(content))
        {
            var recipient = typed.Address is null
                ? null
                : await _planning.PlanAsync(actor.Organisation, policy.UnknownSoftware, typed.Address, typed.Field, cancellationToken);
            plan.Add(new Planned(typed, content.Protect || recipient is null ? recipient : recipient with
            {
                Handling = RecipientHandling.NotProtected,
                Detail = null,
                Certificate = null,
            }));
        }

        return plan;
    }

    /// <returns>True when the sender's domain is only claimed, and somebody of the plan is not of the same organisation.</returns>
    private async Task<bool> StaysInsideAsync(Actor.Person actor, DraftId id, List<Planned> plan, CancellationToken cancellationToken)
    {
        string? sender;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            sender = await db.DraftsOf(actor)
                .Where(one => one.Id == id)
                .Select(one => db.Mailboxes.Where(mailbox => mailbox.Id == one.MailboxId).Select(mailbox => mailbox.Address).FirstOrDefault())
                .SingleOrDefaultAsync(cancellationToken);
        }

        if (sender is null || await _senderDomains.IsProvedAsync(actor.Organisation, sender, cancellationToken))
        {
            return false;
        }

        foreach (var recipient in plan.Select(one => one.Recipient).OfType<PlannedRecipient>())
        {
            if (!await _senderDomains.MayReachAsync(actor.Organisation, sender, AddressKey.Of(recipient.Address), cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    private static RecipientOutcome Outcome(Planned planned) => planned.Recipient is { } recipient
        ? new RecipientOutcome(recipient.Address.ToString(), recipient.Field, recipient.Handling, recipient.Detail, recipient.Inside)
        : new RecipientOutcome(planned.Typed.Text, planned.Typed.Field, RecipientHandling.Malformed, null, false);

    private async Task<bool> PassesOnEncryptedAsync(Actor.Person actor, DraftId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.DraftsOf(actor)
            .Where(one => one.Id == id && one.AnswersId != null)
            .AnyAsync(one => db.Messages.Any(message => message.Id == one.AnswersId && message.Encrypted), cancellationToken);
    }

    private async Task<LoadedDraft?> LoadAsync(Actor.Person actor, DraftView view, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        if (await db.DraftsOf(actor).SingleOrDefaultAsync(one => one.Id == view.Id, cancellationToken) is not { } draft)
        {
            return null;
        }

        var mailbox = await db.Mailboxes.OwnedBy(actor).SingleAsync(one => one.Id == draft.MailboxId, cancellationToken);
        // Names were read a moment ago: what was added or removed since does not shift them.
        var rows = await db.AttachmentsOfAsync(draft, cancellationToken);
        var files = view.Attachments.Select(named => rows.Find(row => row.Id == named.Id)).OfType<DraftAttachment>().ToList();
        if (files.Count != view.Attachments.Count || rows.Count != files.Count)
        {
            return null;
        }

        var answered = draft.AnswersId is { } answers
            ? await db.MessagesOf(actor).SingleOrDefaultAsync(one => one.Id == answers && one.State == MessageState.Opened, cancellationToken)
            : null;
        if (answered is null)
        {
            return new LoadedDraft(draft, mailbox, files, null, false);
        }

        using var key = await _keys.OfMailboxAsync(actor.Organisation, mailbox.Id, cancellationToken);
        return new LoadedDraft(draft, mailbox, files, MessageReport.Open(key, answered).MessageId, answered.Encrypted);
    }
}
