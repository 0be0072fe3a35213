using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;

namespace Portal.Application.Transport;

/// <summary>Accounts elsewhere, with their settings unsealed.</summary>
internal sealed class MailAccountStore(PortalDatabase database, DataKeys keys)
{
    private const string SettingsColumn = "mail_accounts.sealed_settings";
    private const string ProblemColumn = "mail_accounts.sealed_problem";

    public async Task<MailAccount?> FindAsync(OrganisationId organisation, MailboxId mailbox, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await db.MailAccounts.SingleOrDefaultAsync(one => one.OrganisationId == organisation && one.MailboxId == mailbox, cancellationToken);
    }

    public async Task<MailAccount?> FindAsync(OrganisationId organisation, MailAccountId id, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await db.MailAccounts.SingleOrDefaultAsync(one => one.OrganisationId == organisation && one.Id == id, cancellationToken);
    }

    public async Task<MailAccountSettings> SettingsAsync(MailAccount account, CancellationToken cancellationToken)
    {
        using var key = await keys.OfMailboxAsync(account.OrganisationId, account.MailboxId, cancellationToken);
        return key.OpenRecord(account.SealedSettings, MailAccountJson.Default.MailAccountSettings, SettingsColumn, account.MailboxId.Value);
    }

    public async Task<string?> ProblemAsync(MailAccount account, CancellationToken cancellationToken)
    {
        using var key = await keys.OfMailboxAsync(account.OrganisationId, account.MailboxId, cancellationToken);
        return account.SealedProblem is null
            ? null
            : ServerWords.Read(key.OpenText(account.SealedProblem, ProblemColumn, account.MailboxId.Value), CultureInfo.CurrentUICulture);
    }

    /// <summary>Stores the refresh token that came for another one, unless somebody has configured the account anew.</summary>
    public async Task RotateAsync(MailAccount account, string? used, string refreshToken, CancellationToken cancellationToken)
    {
        using var key = await keys.OfMailboxAsync(account.OrganisationId, account.MailboxId, cancellationToken);
        await using var db = await database.WriteAsync(account.OrganisationId, cancellationToken);
        var row = await db.MailAccounts.SingleOrDefaultAsync(one => one.OrganisationId == account.OrganisationId && one.Id == account.Id, cancellationToken);
        var settings = row is null
            ? null
            : key.OpenRecord(row.SealedSettings, MailAccountJson.Default.MailAccountSettings, SettingsColumn, account.MailboxId.Value);
        if (settings?.OAuth is { } known && known.RefreshToken == used)
        {
            row!.Reseal(Seal(key, account.MailboxId, settings with { OAuth = known with { RefreshToken = refreshToken } }));
            await db.CommitAsync(cancellationToken);
        }
    }

    public static byte[] Seal(SealingKey key, MailboxId mailbox, MailAccountSettings settings) =>
        key.SealRecord(settings, MailAccountJson.Default.MailAccountSettings, SettingsColumn, mailbox.Value);

    public static byte[] SealProblem(SealingKey key, MailboxId mailbox, string problem) => key.SealText(problem, ProblemColumn, mailbox.Value);
}
