using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Application.Work;
using Portal.Smime.Pkix;

namespace Portal.Application.Setup;

/// <summary>
/// Mails a link for a new password to where its owner can read it without signing in: their other address, or their own
/// where that mailbox is also elsewhere. Second factors stay as they are. A worker does it: whoever asks waits as long for
/// an address that is known as for one that is not.
/// </summary>
public sealed class ForgottenPasswords
{
    private static readonly TimeSpan AnswerTakes = TimeSpan.FromMilliseconds(200);

    private readonly PortalDatabase _database;
    private readonly IDirectory _directory;
    private readonly OneTimeLinks _links;
    private readonly Notices _notices;
    private readonly PublicAddressOptions _address;
    private readonly TimeProvider _clock;

    internal ForgottenPasswords(
        PortalDatabase database, IDirectory directory, OneTimeLinks links, Notices notices, IOptions<PublicAddressOptions> address, TimeProvider clock) =>
        (_database, _directory, _links, _notices, _address, _clock) = (database, directory, links, notices, address.Value, clock);

    /// <summary>Known and unknown are one answer after one time.</summary>
    public async Task AskAsync(string email, CancellationToken cancellationToken)
    {
        var began = _clock.GetTimestamp();
        if (_address.PublicAddress is not null && await _directory.FindAccountAsync(Account.Normalise(email), cancellationToken) is { } place)
        {
            await using var db = await _database.WriteAsync(place.Organisation, cancellationToken);
            await WorkQueue.DueNowAsync(db, place.Organisation, WorkKind.MailNewPassword, place.Account.Value, cancellationToken);
            await db.CommitAsync(cancellationToken);
        }

        var left = AnswerTakes - _clock.GetElapsedTime(began);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, _clock, cancellationToken);
        }
    }

    internal async Task MailAsync(AccountPlace place, CancellationToken cancellationToken)
    {
        if (await ReachableAsync(place, cancellationToken) is { } to)
        {
            await MailAsync(place, to, cancellationToken);
        }
    }

    private async Task<AddrSpec?> ReachableAsync(AccountPlace place, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(place.Organisation, cancellationToken);
        var account = await db.Accounts.SingleOrDefaultAsync(one => one.OrganisationId == place.Organisation && one.Id == place.Account, cancellationToken);
        if (account is not { Disabled: false })
        {
            return null;
        }

        if (account.RecoveryEmail is { } other)
        {
            return AddrSpec.TryParse(other, out var recovery) ? recovery : null;
        }

        var isElsewhere = await db.Mailboxes
            .Where(one => one.OrganisationId == place.Organisation && one.OwnerId == place.Account && one.NormalisedAddress == account.NormalisedEmail)
            .AnyAsync(one => db.MailAccounts.Any(elsewhere => elsewhere.MailboxId == one.Id), cancellationToken);
        return isElsewhere && AddrSpec.TryParse(account.Email, out var own) ? own : null;
    }

    private async Task MailAsync(AccountPlace place, AddrSpec to, CancellationToken cancellationToken)
    {
        IssuedLink link;
        await using (var db = await _database.WriteAsync(place.Organisation, cancellationToken))
        {
            // As they chose; else as the browser asks that asked for the link.
            if (await db.Accounts.Where(one => one.Id == place.Account).Select(one => one.Language).SingleAsync(cancellationToken) is { } chosen)
            {
                CultureInfo.GetCultureInfo(chosen).Speak();
            }

            link = await _links.ForNewPasswordAsync(db, place.Organisation, place.Account, resetsSecondFactors: false, cancellationToken);
            db.Record(new AuditEvent(new Actor.Portal(place.Organisation, "forgotten-password"), AuditAction.NewPasswordLinkIssued, place.Account.Value));
            await db.CommitAsync(cancellationToken);
        }

        var text = SetupTexts.NewPasswordBody.With(_address.LinkTo($"/join/{link.Token}"), link.ExpiresAt);
        var notice = await _notices.PrepareAsync(place.Organisation, place.Account, to, SetupTexts.NewPasswordSubject, text, cancellationToken);
        await using var write = await _database.WriteAsync(place.Organisation, cancellationToken);
        await _notices.EnqueueAsync(write, notice, cancellationToken);
        await write.CommitAsync(cancellationToken);
    }
}
