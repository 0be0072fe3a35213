using Microsoft.EntityFrameworkCore;

namespace Portal.Application.Domains;

/// <summary>The rule about mail from a domain that is only claimed: it stays within its organisation.</summary>
internal sealed class SenderDomains(PortalDatabase database, IDirectory directory)
{
    public async Task<bool> IsProvedAsync(OrganisationId organisation, string address, CancellationToken cancellationToken)
    {
        var name = address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..].ToLowerInvariant();
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await DomainStore.Of(db, organisation).AnyAsync(one => one.Name == name && one.ProvedAt != null, cancellationToken);
    }

    /// <summary>Whether mail may go from one address to the other.</summary>
    /// <param name="organisation">The sender's.</param>
    /// <param name="sender">An address of one of its mailboxes.</param>
    /// <param name="addressKey">The recipient.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<bool> MayReachAsync(OrganisationId organisation, string sender, string addressKey, CancellationToken cancellationToken) =>
        await IsProvedAsync(organisation, sender, cancellationToken)
        || (await directory.FindMailboxAsync(addressKey, organisation, cancellationToken))?.Organisation == organisation;
}
