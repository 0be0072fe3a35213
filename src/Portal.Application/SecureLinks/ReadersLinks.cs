using Microsoft.EntityFrameworkCore;
using Portal.Application.Inbox;

namespace Portal.Application.SecureLinks;

/// <param name="Link">The reader's own.</param>
/// <param name="Report">What they are shown of it.</param>
internal sealed record OpenedLink(FoundLink Link, MessageReport Report);

/// <summary>Finds what a reader has, and in their session has opened.</summary>
internal sealed class ReadersLinks(PortalDatabase database, TimeProvider clock)
{
    /// <returns>Null for another's.</returns>
    public async Task<ReadersLink?> FindAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken)
    {
        var actor = reader.Actor;
        await using var db = await database.ReadAsync(actor.Organisation, cancellationToken);
        if (await FoundLink.FindAsync(db, actor.Organisation, id, cancellationToken) is not { } link || link.Reader.Id != actor.Id)
        {
            return null;
        }

        var opening = await db.LinkOpenings.SingleOrDefaultAsync(
            one => one.OrganisationId == actor.Organisation && one.LinkId == id && one.SessionId == actor.Session, cancellationToken);
        var givesOriginals = await db.Organisations.Where(one => one.Id == actor.Organisation).Select(one => one.GivesOriginals).SingleAsync(cancellationToken);
        var lacksProof = link.Message.AsksOwnProof && opening?.SealedKey is null && await OwnProofs.AreUnshownAsync(db, reader, cancellationToken);
        return new ReadersLink(link, opening, givesOriginals && link.Message.AuthorId is null, lacksProof);
    }

    /// <returns>Null for what can be read.</returns>
    public LinkAccess? Closed(ReadersLink found) => found.Link.Message switch
    {
        { RecalledAt: not null } => new LinkAccess.Recalled(found.Link.Message.AuthorId == found.Link.Reader.Id, found.Link.Message.AuthorId is not null),
        { ExpiresAt: var until } when clock.GetUtcNow() >= until => new LinkAccess.Expired(until),
        _ => null,
    };

    /// <summary>They can open it, now or after they have shown more.</summary>
    public async Task<bool> MayOpenAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken) =>
        await FindAsync(reader, id, cancellationToken) is { Link: { IsSpent: false, Link.WrappedKey: not null } } found && Closed(found) is null;

    /// <summary>What an answer begins with.</summary>
    /// <returns>Null when it was not opened in this session, or is closed.</returns>
    public async Task<OpenedLink?> OpenedAsync(SignedInReader reader, SecureLinkId id, CancellationToken cancellationToken)
    {
        if (await FindAsync(reader, id, cancellationToken) is not { } found || Closed(found) is not null || found.Key(reader) is not { } content)
        {
            return null;
        }

        using (content)
        {
            return new OpenedLink(found.Link, found.Link.Message.Report(content));
        }
    }
}
