using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using Portal.Application.Mailboxes;
using Portal.Application.Protection;

namespace Portal.Application.Compose;

/// <param name="Account">Who.</param>
/// <param name="Name">As others see it.</param>
/// <param name="Address">Of their mailbox.</param>
public sealed record TrialPerson(AccountId Account, string Name, string Address);

/// <param name="Sender">One of the organisation's people.</param>
/// <param name="Recipients">As they would be typed.</param>
/// <param name="Subject">Likewise.</param>
/// <param name="Header">Further fields, one a line, such as "X-Classification: Confidential"; may be empty.</param>
/// <param name="Protect">The sender asks for signature and encryption.</param>
public sealed record TrialMessage(AccountId Sender, string Recipients, string Subject, string Header, bool Protect);

/// <param name="Outcome">As the compose page would say.</param>
/// <param name="Fingerprint">SHA-256 of the certificate that would be encrypted for.</param>
/// <param name="Until">Until when it is valid.</param>
public sealed record TrialRecipient(RecipientOutcome Outcome, string? Fingerprint, DateTimeOffset? Until);

public abstract record TrialOutcome
{
    /// <param name="Recipients">In their order.</param>
    /// <param name="Subject">As it would go out.</param>
    /// <param name="AllowsSignedOnly">Whether the sender may choose to send readable to whoever has no certificate.</param>
    /// <param name="AllowsUnprotected">Whether the sender may switch protection off, as far as no rule forbids it.</param>
    public sealed record Done(IReadOnlyList<TrialRecipient> Recipients, string Subject, bool AllowsSignedOnly, bool AllowsUnprotected) : TrialOutcome;

    public sealed record NoRecipient : TrialOutcome;

    /// <param name="Line">From 1: not a name, a colon and a text.</param>
    public sealed record HeaderMalformed(int Line) : TrialOutcome;

    /// <summary>Nobody with a mailbox in this organisation.</summary>
    public sealed record SenderUnknown : TrialOutcome;
}

/// <summary>What would happen to a message of somebody's, by the same plan as sending. Nothing is sent, signed or kept.</summary>
public sealed class OutgoingTrial
{
    private readonly PortalDatabase _database;
    private readonly OutgoingPlanning _planning;
    private readonly TimeProvider _clock;

    internal OutgoingTrial(PortalDatabase database, OutgoingPlanning planning, TimeProvider clock) => (_database, _planning, _clock) = (database, planning, clock);

    /// <summary>Everybody with a mailbox, by name.</summary>
    public async Task<IReadOnlyList<TrialPerson>> PeopleAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePolicies);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.Mailboxes
            .Where(one => one.OrganisationId == actor.Organisation)
            .OrderBy(one => one.DisplayName).ThenBy(one => one.NormalisedAddress)
            .Select(one => new TrialPerson(one.OwnerId, one.DisplayName, one.Address))
            .ToListAsync(cancellationToken);
    }

    public async Task<TrialOutcome> TryAsync(Actor actor, TrialMessage message, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePolicies);
        var (sender, roles) = await FindAsync(actor, message.Sender, cancellationToken);
        if (sender is null)
        {
            return new TrialOutcome.SenderUnknown();
        }

        var typed = TypedAddresses.Read(DraftContent.Empty with { To = message.Recipients }).Take(TypedAddresses.Most).ToList();
        if (typed.Count == 0)
        {
            return new TrialOutcome.NoRecipient();
        }

        var header = MessageComposition.Header(message.Subject, typed.Where(one => one.Address is not null), sender, null, _clock.GetUtcNow());
        foreach (var (index, line) in message.Header.ReplaceLineEndings("\n").Split('\n').Index().Where(one => one.Item.Trim().Length > 0))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || line[..colon].Trim() is not { Length: > 0 } name || name.Any(character => character is <= ' ' or > '~'))
            {
                return new TrialOutcome.HeaderMalformed(index + 1);
            }

            header.Add(new Header(name, line[(colon + 1)..].Trim()));
        }

        var plan = await _planning.PlanAsync(actor.Organisation, roles, typed, header, message.Subject, message.Protect, cancellationToken);
        var recipients = plan.Recipients.Zip(plan.Outcomes, (planned, outcome) => Recipient(planned.Recipient, outcome)).ToList();
        return new TrialOutcome.Done(recipients, plan.Subject, plan.Policy.AllowsSignedOnly, plan.Policy.AllowsUnprotected);
    }

    private static TrialRecipient Recipient(PlannedRecipient? planned, RecipientOutcome outcome) => planned?.Certificate?.Certificate is { } certificate
        ? new TrialRecipient(outcome, certificate.GetCertHashString(HashAlgorithmName.SHA256), new DateTimeOffset(certificate.NotAfter).ToUniversalTime())
        : new TrialRecipient(outcome, null, null);

    private async Task<(Mailbox? Mailbox, Roles Roles)> FindAsync(Actor actor, AccountId account, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var mailbox = await db.Mailboxes
            .OrderBy(one => one.NormalisedAddress)
            .FirstOrDefaultAsync(one => one.OrganisationId == actor.Organisation && one.OwnerId == account, cancellationToken);
        var roles = await db.Accounts
            .Where(one => one.OrganisationId == actor.Organisation && one.Id == account)
            .Select(one => one.Roles)
            .SingleOrDefaultAsync(cancellationToken);
        return (mailbox, roles);
    }
}
