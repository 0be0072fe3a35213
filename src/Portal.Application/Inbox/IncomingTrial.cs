using Microsoft.EntityFrameworkCore;
using Portal.Application.Policies;
using Portal.Smime.Pkix;

namespace Portal.Application.Inbox;

/// <param name="Owner">Whose mailbox it would come to.</param>
/// <param name="From">The address that it would name.</param>
/// <param name="Fingerprint">SHA-256 of its signer's certificate; empty for unsigned mail.</param>
/// <param name="IsValid">Its signature would be valid, trusted and of whom From names.</param>
public sealed record IncomingTrialMessage(AccountId Owner, string From, string Fingerprint, bool IsValid);

public abstract record IncomingTrialOutcome
{
    /// <param name="Mark">Null: it is delivered as it is.</param>
    public sealed record Done(ListMark? Mark) : IncomingTrialOutcome;

    public sealed record AddressMalformed : IncomingTrialOutcome;

    public sealed record FingerprintMalformed : IncomingTrialOutcome;

    /// <summary>Nobody with a mailbox in this organisation.</summary>
    public sealed record OwnerUnknown : IncomingTrialOutcome;
}

/// <summary>What lists would say about a message, by the same judgement as on arrival. Nothing arrives.</summary>
public sealed class IncomingTrial
{
    private readonly PortalDatabase _database;
    private readonly IncomingLists _lists;

    internal IncomingTrial(PortalDatabase database, IncomingLists lists) => (_database, _lists) = (database, lists);

    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<IncomingTrialOutcome> TryAsync(Actor actor, IncomingTrialMessage message, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePolicies);
        if (!AddrSpec.TryParse(message.From.Trim(), out var from))
        {
            return new IncomingTrialOutcome.AddressMalformed();
        }

        var certificate = ListedValue.Read(message.Fingerprint);
        if (message.Fingerprint.Trim().Length > 0 && certificate?.Kind != ListKind.Certificate)
        {
            return new IncomingTrialOutcome.FingerprintMalformed();
        }

        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            if (!await db.Mailboxes.AnyAsync(one => one.OrganisationId == actor.Organisation && one.OwnerId == message.Owner, cancellationToken))
            {
                return new IncomingTrialOutcome.OwnerUnknown();
            }
        }

        var sender = new SenderFacts([from], certificate is { } signed ? [signed.Text] : [], certificate is not null && message.IsValid);
        return new IncomingTrialOutcome.Done(await _lists.JudgeAsync(actor.Organisation, message.Owner, sender, cancellationToken));
    }
}
