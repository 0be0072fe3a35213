using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Application.Outbox;
using Portal.Smime.Pkix;

namespace Portal.Application.Setup;

/// <param name="Email">What they will sign in with; in one of the organisation's domains.</param>
/// <param name="DisplayName">As recipients will see it.</param>
/// <param name="Roles">What they will be.</param>
/// <param name="MailTo">Where the invitation is mailed to; none when the link is handed over otherwise.</param>
public sealed record Invitation(string Email, string DisplayName, Roles Roles, string? MailTo);

public abstract record InvitationOutcome
{
    /// <param name="Link">Shown to the administrator once.</param>
    /// <param name="DisplayName">As it was taken.</param>
    /// <param name="Mailed">It is on its way by mail too.</param>
    public sealed record Invited(IssuedLink Link, string DisplayName, bool Mailed) : InvitationOutcome;

    public sealed record Invalid(InvitationProblem Problem) : InvitationOutcome;
}

public enum InvitationProblem
{
    NameMissing,
    AddressMalformed,
    AddressOutsideDomains,
    AddressTaken,

    /// <summary>There are as many people and open invitations as the organisation may have.</summary>
    NoRoom,
    NoRole,
    MailAddressMalformed,

    /// <summary>The portal does not know under which address people reach it, so it mails no links.</summary>
    PublicAddressUnknown,
}

/// <summary>Who is to become one of the organisation's people.</summary>
public sealed class Invitations
{
    private readonly PortalDatabase _database;
    private readonly IDirectory _directory;
    private readonly OneTimeLinks _links;
    private readonly Notices _notices;
    private readonly Quotas.Quotas _quotas;
    private readonly PublicAddressOptions _address;

    internal Invitations(PortalDatabase database, IDirectory directory, OneTimeLinks links, Notices notices, Quotas.Quotas quotas, IOptions<PublicAddressOptions> address) =>
        (_database, _directory, _links, _notices, _quotas, _address) = (database, directory, links, notices, quotas, address.Value);

    public async Task<InvitationOutcome> InviteAsync(Actor actor, Invitation invitation, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePeople);
        invitation = invitation with { DisplayName = PlainText.Name(invitation.DisplayName) ?? string.Empty };
        if (await ProblemAsync(actor.Organisation, invitation, cancellationToken) is { } problem)
        {
            return new InvitationOutcome.Invalid(problem);
        }

        IssuedLink link;
        await using (var db = await _database.WriteAsync(actor.Organisation, cancellationToken))
        {
            link = await _links.ToJoinAsync(
                db, actor.Organisation, Account.Normalise(invitation.Email), invitation.DisplayName, invitation.Roles, cancellationToken);
            db.Record(new AuditEvent(
                actor, AuditAction.PersonInvited, link.Id.Value, new Dictionary<string, string> { ["roles"] = invitation.Roles.ToString() }));
            await db.CommitAsync(cancellationToken);
        }

        if (invitation.MailTo is null || actor is not Actor.Person person)
        {
            return new InvitationOutcome.Invited(link, invitation.DisplayName, Mailed: false);
        }

        await MailAsync(person, invitation, link, cancellationToken);
        return new InvitationOutcome.Invited(link, invitation.DisplayName, Mailed: true);
    }

    private async Task MailAsync(Actor.Person actor, Invitation invitation, IssuedLink link, CancellationToken cancellationToken)
    {
        _ = AddrSpec.TryParse(invitation.MailTo!, out var to);
        var text = SetupTexts.InvitationBody.With(invitation.DisplayName, _address.LinkTo($"/join/{link.Token}"), link.ExpiresAt);
        var notice = await _notices.PrepareAsync(actor.Organisation, actor.Account, to!, SetupTexts.InvitationSubject, text, cancellationToken);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        await _notices.EnqueueAsync(db, notice, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    private async Task<InvitationProblem?> ProblemAsync(OrganisationId organisation, Invitation invitation, CancellationToken cancellationToken)
    {
        if (invitation.DisplayName.Length == 0)
        {
            return InvitationProblem.NameMissing;
        }

        if (!AddrSpec.TryParse(invitation.Email.Trim(), out var address))
        {
            return InvitationProblem.AddressMalformed;
        }

        if (invitation.Roles == Roles.None)
        {
            return InvitationProblem.NoRole;
        }

        if (invitation.MailTo is not null && !AddrSpec.TryParse(invitation.MailTo, out _))
        {
            return InvitationProblem.MailAddressMalformed;
        }

        if (invitation.MailTo is not null && _address.PublicAddress is null)
        {
            return InvitationProblem.PublicAddressUnknown;
        }

        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        if (!await db.OrganisationDomains.AnyAsync(one => one.OrganisationId == organisation && one.Name == address.Domain && one.ProvedAt != null, cancellationToken))
        {
            return InvitationProblem.AddressOutsideDomains;
        }

        if (!await _quotas.HasRoomForPersonAsync(db, organisation, cancellationToken))
        {
            return InvitationProblem.NoRoom;
        }

        return await _directory.FindAccountAsync(Account.Normalise(invitation.Email), cancellationToken) is null
            && await _directory.FindMailboxAsync(AddressKey.Of(address), organisation, cancellationToken) is null
            ? null
            : InvitationProblem.AddressTaken;
    }
}
