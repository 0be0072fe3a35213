using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.Setup;

/// <param name="Purpose">What it is for.</param>
/// <param name="Organisation">Whose people.</param>
/// <param name="Email">What its holder signs in with.</param>
/// <param name="DisplayName">As recipients see it.</param>
public sealed record OneTimeLinkView(OneTimeLinkPurpose Purpose, string Organisation, string Email, string DisplayName);

public abstract record OneTimeEntryOutcome
{
    public sealed record Done : OneTimeEntryOutcome;

    /// <summary>Used, withdrawn, too old, or never issued: one answer.</summary>
    public sealed record NotOpen : OneTimeEntryOutcome;

    public sealed record Refused(PasswordProblem Problem) : OneTimeEntryOutcome;

    /// <summary>The key store does not answer; the link stays open.</summary>
    public sealed record KeyStoreAway : OneTimeEntryOutcome;
}

/// <summary>What the holder of a one-time link does: joins, or chooses a new password. Looking at it changes nothing.</summary>
public sealed class OneTimeEntry
{
    private readonly PortalDatabase _database;
    private readonly OneTimeLinks _links;
    private readonly LiveSessions _live;
    private readonly Enrolment _enrolment;
    private readonly IPasswordHasher<Account> _passwords;

    internal OneTimeEntry(PortalDatabase database, OneTimeLinks links, LiveSessions live, Enrolment enrolment, IPasswordHasher<Account> passwords) =>
        (_database, _links, _live, _enrolment, _passwords) = (database, links, live, enrolment, passwords);

    /// <returns>Null when it is not open.</returns>
    public async Task<OneTimeLinkView?> LookAsync(string token, CancellationToken cancellationToken)
    {
        if (await _links.FindOpenAsync(token, cancellationToken) is not { } link)
        {
            return null;
        }

        await using var db = await _database.ReadAsync(link.OrganisationId, cancellationToken);
        var organisation = await db.Organisations.Where(one => one.Id == link.OrganisationId).Select(one => one.Name).SingleAsync(cancellationToken);
        if (link.AccountId is not { } id)
        {
            return new OneTimeLinkView(link.Purpose, organisation, link.Email!, link.DisplayName!);
        }

        var account = await db.Accounts.SingleAsync(one => one.OrganisationId == link.OrganisationId && one.Id == id, cancellationToken);
        return new OneTimeLinkView(link.Purpose, organisation, account.Email, account.DisplayName);
    }

    public async Task<OneTimeEntryOutcome> EnterAsync(string token, string password, CancellationToken cancellationToken)
    {
        if (await _links.FindOpenAsync(token, cancellationToken) is not { } link || await LookAsync(token, cancellationToken) is not { } holder)
        {
            return new OneTimeEntryOutcome.NotOpen();
        }

        if (PasswordRule.ProblemOf(password, holder.Email, holder.DisplayName, holder.Organisation) is { } problem)
        {
            return new OneTimeEntryOutcome.Refused(problem);
        }

        try
        {
            return link.Purpose switch
            {
                OneTimeLinkPurpose.Join => await JoinAsync(link, password, cancellationToken),
                OneTimeLinkPurpose.NewPassword => await ReplacePasswordAsync(link, password, cancellationToken),
            };
        }
        catch (KeyStoreException)
        {
            return new OneTimeEntryOutcome.KeyStoreAway();
        }
    }

    private async Task<OneTimeEntryOutcome> JoinAsync(OneTimeLink link, string password, CancellationToken cancellationToken)
    {
        _ = AddrSpec.TryParse(link.Email!, out var address);
        var joined = await _enrolment.JoinAsync(
            link.OrganisationId, address!, link.DisplayName!, link.Roles, password, db => _links.UseAsync(db, link, cancellationToken), cancellationToken);
        return joined ? new OneTimeEntryOutcome.Done() : new OneTimeEntryOutcome.NotOpen();
    }

    private async Task<OneTimeEntryOutcome> ReplacePasswordAsync(OneTimeLink link, string password, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(link.OrganisationId, cancellationToken);
        if (!await _links.UseAsync(db, link, cancellationToken))
        {
            return new OneTimeEntryOutcome.NotOpen();
        }

        var account = await db.Accounts.SingleAsync(one => one.OrganisationId == link.OrganisationId && one.Id == link.AccountId, cancellationToken);
        account.PasswordHash = _passwords.HashPassword(account, password);
        account.Unlock();
        if (link.ResetsSecondFactors)
        {
            account.UsesAuthenticator = false;
            account.SealedAuthenticatorKey = null;
            account.SealedRecoveryCodes = null;
            await db.AccountPasskeys.Where(one => one.OrganisationId == link.OrganisationId && one.AccountId == account.Id).ExecuteDeleteAsync(cancellationToken);
        }

        await _live.EndAllAsync(db, link.OrganisationId, account.Id, except: null, cancellationToken);
        db.Record(new AuditEvent(
            new Actor.Portal(link.OrganisationId, "one-time-link"),
            AuditAction.PasswordChanged,
            account.Id.Value,
            new Dictionary<string, string> { ["secondFactorsToo"] = $"{link.ResetsSecondFactors}" }));
        await db.CommitAsync(cancellationToken);
        return new OneTimeEntryOutcome.Done();
    }
}
