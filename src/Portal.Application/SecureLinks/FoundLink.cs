using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;

namespace Portal.Application.SecureLinks;

/// <param name="Link">One recipient's.</param>
/// <param name="Message">What it leads to.</param>
/// <param name="Reader">Whose.</param>
internal sealed record FoundLink(SecureLink Link, SecureMessage Message, Reader Reader)
{
    /// <summary>Of what is not closed.</summary>
    public BlobId Content => Message.ContentId ?? throw new InvalidOperationException("What can be read is there.");

    /// <summary>It opened once, and does not again; of a group each person has a link of their own.</summary>
    public bool IsSpent => Message.OpensOnce && Link.FirstOpenedAt is not null && !Link.IsGroup;

    public bool IsOpen(DateTimeOffset now) => Link.WrappedKey is not null && Message.RecalledAt is null && now < Message.ExpiresAt;

    /// <returns>Null for a token that leads nowhere.</returns>
    public static async Task<FoundLink?> FindAsync(PortalDatabase database, IDirectory directory, string token, CancellationToken cancellationToken)
    {
        if (LinkTokens.Sha256(token) is not { } sha256 || await directory.FindSecureLinkAsync(sha256, cancellationToken) is not { } place)
        {
            return null;
        }

        await using var db = await database.ReadAsync(place.Organisation, cancellationToken);
        return await FindAsync(db, place.Organisation, place.Link, cancellationToken);
    }

    public static Task<FoundLink?> FindAsync(PortalDbContext db, OrganisationId organisation, SecureLinkId id, CancellationToken cancellationToken) => db.SecureLinks
        .Where(one => one.OrganisationId == organisation && one.Id == id && one.ReadyAt != null)
        .Join(db.SecureMessages, one => one.MessageId, message => message.Id, (link, message) => new { link, message })
        .Join(db.Readers, one => one.link.ReaderId, reader => reader.Id, (one, reader) => new FoundLink(one.link, one.message, reader))
        .SingleOrDefaultAsync(cancellationToken);
}
