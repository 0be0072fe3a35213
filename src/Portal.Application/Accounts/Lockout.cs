using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;

namespace Portal.Application.Accounts;

/// <summary>Counts wrong passwords and codes, each one even when many arrive at once, and locks the account for a while.</summary>
internal sealed class Lockout(PortalDatabase database, IDirectory directory, TimeProvider clock)
{
    private const int Most = 10;
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(5);

    public bool IsLocked(Account account) => account.LockedUntil > clock.GetUtcNow();

    /// <summary>The password once more, of somebody who is signed in; a wrong one counts.</summary>
    public async Task<bool> IsTheirsAsync(UserManager<Account> users, Account account, string password, CancellationToken cancellationToken)
    {
        if (!IsLocked(account) && await users.CheckPasswordAsync(account, password))
        {
            return true;
        }

        await CountFailureAsync(account, cancellationToken);
        return false;
    }

    /// <summary>On record in the same transaction.</summary>
    public async Task CountFailureAsync(Account account, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + Lasts;
        await using var db = await database.WriteAsync(account.OrganisationId, cancellationToken);
        var row = db.Accounts.Where(one => one.OrganisationId == account.OrganisationId && one.Id == account.Id);
        await row.ExecuteUpdateAsync(set => set.SetProperty(one => one.FailedSignIns, one => one.FailedSignIns + 1), cancellationToken);
        await row.Where(one => one.FailedSignIns >= Most).ExecuteUpdateAsync(
            set => set.SetProperty(one => one.FailedSignIns, 0).SetProperty(one => one.LockedUntil, (DateTimeOffset?)until), cancellationToken);
        db.Record(new AuditEvent(new Actor.Portal(account.OrganisationId, "sign-in"), AuditAction.SignInRefused, account.Id.Value));
        await db.CommitAsync(cancellationToken);
    }

    /// <summary>Somebody tried an address of the organisation that is nobody's: on record too, and as much work as one that is.</summary>
    public async Task RecordUnknownAsync(string email, CancellationToken cancellationToken)
    {
        var domain = Account.Normalise(email).Split('@')[^1];
        if (await directory.FindDomainAsync(domain, cancellationToken) is not { } organisation)
        {
            return;
        }

        await using var db = await database.WriteAsync(organisation, cancellationToken);
        db.Record(new AuditEvent(new Actor.Portal(organisation, "sign-in"), AuditAction.SignInRefused));
        await db.CommitAsync(cancellationToken);
    }

    /// <summary>The right password or code was typed.</summary>
    public async Task ForgetFailuresAsync(Account account, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(account.OrganisationId, cancellationToken);
        await db.Accounts
            .Where(one => one.OrganisationId == account.OrganisationId && one.Id == account.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.FailedSignIns, 0), cancellationToken);
        await db.CommitAsync(cancellationToken);
    }
}
