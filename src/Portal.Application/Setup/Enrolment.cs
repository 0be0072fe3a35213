using Microsoft.AspNetCore.Identity;
using Portal.Application.Accounts;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.Mailboxes;
using Portal.Smime.Pkix;

namespace Portal.Application.Setup;

/// <param name="Account">Who.</param>
/// <param name="Mailbox">Where their mail is.</param>
internal sealed record EnrolledPerson(Actor.Person Account, MailboxId Mailbox);

/// <summary>A person with a mailbox, a signing pair and an encryption pair.</summary>
internal sealed class Enrolment(
    PortalDatabase database, DataKeys keys, CertificateAuthority authority, IPasswordHasher<Account> passwords, TimeProvider clock)
{
    /// <exception cref="Smime.Keys.KeyStoreException">The key store does not answer.</exception>
    public async Task<EnrolledPerson> AddAsync(
        OrganisationId organisation, AddrSpec address, string displayName, Roles roles, string password, CancellationToken cancellationToken)
    {
        var account = new Account(organisation, address.ToString(), displayName, roles, clock.GetUtcNow());
        account.PasswordHash = passwords.HashPassword(account, password);
        var mailbox = await NewMailbox.PrepareAsync(keys, organisation, account.Id, address, displayName, cancellationToken);
        await using (var db = await database.WriteAsync(organisation, cancellationToken))
        {
            db.Accounts.Add(account);
            mailbox.AddTo(db);
            db.Record(new AuditEvent(new Actor.Portal(organisation, "enrolment"), AuditAction.AccountCreated, account.Id.Value));
            await db.CommitAsync(cancellationToken);
        }

        await authority.IssueAsync(organisation, account.Id, displayName, address, CertificateKind.Signing, cancellationToken);
        await authority.IssueAsync(organisation, account.Id, displayName, address, CertificateKind.Encryption, cancellationToken);
        return new EnrolledPerson(new Actor.Person(organisation, account.Id, roles), mailbox.Mailbox.Id);
    }
}
