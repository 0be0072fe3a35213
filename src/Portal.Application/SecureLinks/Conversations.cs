using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;

namespace Portal.Application.SecureLinks;

/// <summary>Messages that rest here and answer one another, whoever wrote them.</summary>
internal static class Conversations
{
    /// <param name="db">For reading.</param>
    /// <param name="organisation">Whose.</param>
    /// <param name="answered">Message-ID of what is answered.</param>
    /// <param name="key">The organisation's.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null where nothing that rests here is answered.</returns>
    public static async Task<SecureMessageId?> FindAsync(PortalDbContext db, OrganisationId organisation, string? answered, SealingKey key, CancellationToken cancellationToken)
    {
        if (answered is null)
        {
            return null;
        }

        var token = SecureMessage.TokenOf(answered, key);
        var found = await db.SecureMessages
            .Where(one => one.OrganisationId == organisation && one.MessageIdToken == token)
            .Select(one => one.ConversationId)
            .Take(1)
            .ToListAsync(cancellationToken);
        return found.Count > 0 ? found[0] : null;
    }
}
