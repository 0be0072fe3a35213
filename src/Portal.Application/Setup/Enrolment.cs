using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.Mailboxes;
using Portal.Application.Work;
using Portal.Smime.Pkix;

namespace Portal.Application.Setup;

/// <param name="Account">Who.</param>
/// <param name="Mailbox">Where their mail is.</param>
internal sealed record EnrolledPerson(Account Account, MailboxId Mailbox);

/// <summary>A person with a mailbox, a signing pair and an encryption pair.</summary>
internal sealed class Enrolment(
    PortalDatabase database, DataKeys keys, CertificateAuthority authority, IPasswordHasher<Account> passwords, TimeProvider clock)
    : IWorkHandler
{
    private static readonly TimeSpan CompletedBy = TimeSpan.FromMinutes(2);

    public WorkKind Kind => WorkKind.CompleteEnrolment;

    /// <exception cref="Smime.Keys.KeyStoreException">The key store does not answer.</exception>
    public async Task<EnrolledPerson> AddAsync(
        OrganisationId organisation, AddrSpec address, string displayName, Roles roles, string password, CancellationToken cancellationToken) =>
        await AddAsync(organisation, address, displayName, roles, password, _ => Task.FromResult(true), cancellationToken)
        ?? throw new InvalidOperationException("Nothing was in the way.");

    /// <param name="organisation">Whose.</param>
    /// <param name="address">What they sign in with, and their mailbox.</param>
    /// <param name="displayName">As recipients see it.</param>
    /// <param name="roles">What they are.</param>
    /// <param name="password">At least 12 characters.</param>
    /// <param name="mayJoin">Asked in the transaction that makes the account; false rolls it back.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>False when they may not.</returns>
    /// <exception cref="Smime.Keys.KeyStoreException">The key store does not answer.</exception>
    public async Task<bool> JoinAsync(
        OrganisationId organisation,
        AddrSpec address,
        string displayName,
        Roles roles,
        string password,
        Func<PortalDbContext, Task<bool>> mayJoin,
        CancellationToken cancellationToken) =>
        await AddAsync(organisation, address, displayName, roles, password, mayJoin, cancellationToken) is not null;

    private async Task<EnrolledPerson?> AddAsync(
        OrganisationId organisation,
        AddrSpec address,
        string displayName,
        Roles roles,
        string password,
        Func<PortalDbContext, Task<bool>> mayJoin,
        CancellationToken cancellationToken)
    {
        var account = new Account(organisation, address.ToString(), displayName, roles, clock.GetUtcNow());
        account.PasswordHash = passwords.HashPassword(account, password);
        var mailbox = await NewMailbox.PrepareAsync(keys, organisation, account.Id, address, displayName, cancellationToken);
        await using (var db = await database.WriteAsync(organisation, cancellationToken))
        {
            if (!await mayJoin(db))
            {
                return null;
            }

            db.Accounts.Add(account);
            mailbox.AddTo(db);
            db.Record(new AuditEvent(new Actor.Portal(organisation, "enrolment"), AuditAction.AccountCreated, account.Id.Value));
            WorkQueue.Enqueue(db, organisation, WorkKind.CompleteEnrolment, account.Id.Value, await db.NowAsync(cancellationToken) + CompletedBy);
            await db.CommitAsync(cancellationToken);
        }

        await IssueAsync(account, cancellationToken);
        await using (var db = await database.WriteAsync(organisation, cancellationToken))
        {
            await WorkQueue.WithdrawAsync(db, organisation, WorkKind.CompleteEnrolment, account.Id.Value, cancellationToken);
            await db.CommitAsync(cancellationToken);
        }

        return new EnrolledPerson(account, mailbox.Mailbox.Id);
    }

    /// <summary>After a crash between the account and its certificates.</summary>
    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        Account? account;
        await using (var db = await database.ReadAsync(work.Organisation, cancellationToken))
        {
            account = await db.Accounts.SingleOrDefaultAsync(
                one => one.OrganisationId == work.Organisation && one.Id == new AccountId(work.Subject), cancellationToken);
        }

        if (account is not null)
        {
            await IssueAsync(account, cancellationToken);
        }

        await using var write = await database.WriteAsync(work.Organisation, cancellationToken);
        await WorkQueue.CompleteAsync(write, work, cancellationToken);
        await write.CommitAsync(cancellationToken);
    }

    private async Task IssueAsync(Account account, CancellationToken cancellationToken)
    {
        List<CertificateKind> there;
        await using (var db = await database.ReadAsync(account.OrganisationId, cancellationToken))
        {
            there = await db.Certificates
                .Where(one => one.OrganisationId == account.OrganisationId && one.OwnerId == account.Id && one.State == CertificateState.Issued)
                .Select(one => one.Kind)
                .ToListAsync(cancellationToken);
        }

        _ = AddrSpec.TryParse(account.Email, out var address);
        foreach (var kind in new[] { CertificateKind.Signing, CertificateKind.Encryption }.Except(there))
        {
            await authority.IssueAsync(new Actor.Portal(account.OrganisationId, "enrolment"), account.Id, account.DisplayName, address!, kind, cancellationToken);
        }
    }
}
