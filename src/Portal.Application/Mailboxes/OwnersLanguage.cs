using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Portal.Application.Mailboxes;

/// <summary>The language of what the portal itself writes to the owner of a mailbox: as they chose, or else English.</summary>
internal static class OwnersLanguage
{
    public static async Task<CultureInfo> FindAsync(PortalDbContext db, OrganisationId organisation, MailboxId mailbox, CancellationToken cancellationToken) =>
        CultureInfo.GetCultureInfo(await db.Mailboxes
            .Where(one => one.OrganisationId == organisation && one.Id == mailbox)
            .Join(db.Accounts, one => one.OwnerId, account => account.Id, (_, account) => account.Language)
            .SingleOrDefaultAsync(cancellationToken) ?? "en");

    /// <summary>Until the async method ends that calls this.</summary>
    public static void Speak(this CultureInfo language) => CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = language;
}
