using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Application.Organisations;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.SecureLinks;

/// <summary>What has come of somebody saying who they are.</summary>
public abstract record PersonNaming
{
    /// <param name="Token">Of a link of their own; what they have to prove is theirs.</param>
    public sealed record Named(string Token) : PersonNaming;

    /// <summary>What was typed is no address, or that of the group.</summary>
    public sealed record NoAddress : PersonNaming;

    /// <param name="Domain">In which their address must be.</param>
    public sealed record OtherDomain(string Domain) : PersonNaming;

    /// <summary>As many people as can be told apart have read by it.</summary>
    public sealed record TooMany : PersonNaming;

    /// <summary>The link opens nothing any more, or is nobody's group.</summary>
    public sealed record Closed : PersonNaming;

    public sealed record KeyUnavailable : PersonNaming;
}

/// <summary>
/// An address that several people read gets one notice and one link. Whoever has shown that they read its mail says who they are, and
/// gets a link of their own, which they open as themselves.
/// </summary>
public sealed class GroupReading
{
    private const int MostPeople = 100;

    private readonly PortalDatabase _database;
    private readonly ReadersLinks _links;
    private readonly Readers _readers;
    private readonly KeyBroker.KeyBroker _broker;
    private readonly DataKeys _keys;
    private readonly TimeProvider _clock;

    internal GroupReading(PortalDatabase database, ReadersLinks links, Readers readers, KeyBroker.KeyBroker broker, DataKeys keys, TimeProvider clock) =>
        (_database, _links, _readers, _broker, _keys, _clock) = (database, links, readers, broker, keys, clock);

    /// <param name="group">Who has shown that they read the group's mail.</param>
    /// <param name="id">The group's link.</param>
    /// <param name="typed">Their own address.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<PersonNaming> SayAsync(SignedInReader group, SecureLinkId id, string typed, CancellationToken cancellationToken)
    {
        try
        {
            using var key = await _keys.OfOrganisationAsync(group.Actor.Organisation, cancellationToken);
            PersonNaming? naming;
            do
            {
                naming = await SayAsync(group, id, typed, key, cancellationToken);
            }
            while (naming is null);
            return naming;
        }
        catch (KeyStoreException)
        {
            return new PersonNaming.KeyUnavailable();
        }
    }

    /// <returns>Null when somebody else said the same at the same time, and was faster: they are known now.</returns>
    private async Task<PersonNaming?> SayAsync(SignedInReader group, SecureLinkId id, string typed, SealingKey key, CancellationToken cancellationToken)
    {
        if (await _links.FindAsync(group, id, cancellationToken) is not { Link: { Link: { IsGroup: true, WrappedKey: not null } } link } found || _links.Closed(found) is not null)
        {
            return new PersonNaming.Closed();
        }

        var own = link.Reader.Address(key);
        if (!AddrSpec.TryParse(typed.Trim(), out var address) || IsOfGroup(address.ToString(), own))
        {
            return new PersonNaming.NoAddress();
        }

        var domain = own[(own.LastIndexOf('@') + 1)..];
        List<SecureLink> known;
        await using (var db = await _database.ReadAsync(group.Actor.Organisation, cancellationToken))
        {
            var reach = await db.Organisations.Where(one => one.Id == group.Actor.Organisation).Select(one => one.ReaderReach).SingleAsync(cancellationToken);
            if (reach != ReaderReach.Anybody && !address.ToString().EndsWith($"@{domain}", StringComparison.OrdinalIgnoreCase))
            {
                return new PersonNaming.OtherDomain(domain);
            }

            known = await db.SecureLinks.Where(one => one.OrganisationId == group.Actor.Organisation && one.MessageId == link.Message.Id && !one.IsGroup && one.ReadyAt != null).ToListAsync(cancellationToken);
        }

        var actor = new Actor.Portal(group.Actor.Organisation, "secure-links");
        var person = (await _readers.FindOrMakeAsync(actor, [address.ToString()], link.Reader.Language, key, cancellationToken))[0];
        return known.Find(one => one.ReaderId == person.Reader.Id && one.TokenSha256 is not null) is { } earlier ? new PersonNaming.Named(LinkTokens.Of(earlier.Id, key))
            : known.Count(one => one.GroupId == id) >= MostPeople ? new PersonNaming.TooMany()
            : await GrantAsync(group, link, person, address.ToString(), key, cancellationToken);
    }

    /// <summary>Also by a detail (RFC 5233): what goes to team+x@ comes to team@.</summary>
    private static bool IsOfGroup(string address, string group) => Whole(address).Equals(Whole(group), StringComparison.OrdinalIgnoreCase);

    private static string Whole(string address)
    {
        var at = address.LastIndexOf('@');
        var plus = address.IndexOf('+', StringComparison.Ordinal);
        return plus > 0 && plus < at ? address[..plus] + address[at..] : address;
    }

    private async Task<PersonNaming?> GrantAsync(SignedInReader group, FoundLink link, KnownReader person, string address, SealingKey key, CancellationToken cancellationToken)
    {
        var organisation = group.Actor.Organisation;
        if (await _broker.GrantAsync(group.Actor, link.Reader.KeyId, KeyTask.OpenSecureLink, cancellationToken) is not KeyGrant.Granted granted)
        {
            return new PersonNaming.KeyUnavailable();
        }

        using var content = await LinkWrapping.UnwrapAsync(link.Link.WrappedKey!, granted.Key, link.Link.Id, cancellationToken);
        using var mailbox = await _keys.OfMailboxAsync(organisation, link.Message.MailboxId, cancellationToken);
        var own = new SecureLink(link.Message, address, mailbox);
        var token = LinkTokens.Of(own.Id, key);
        own.Grant(link.Link, person.Reader, LinkTokens.Sha256(token)!, LinkWrapping.Wrap(content, person.Key, own.Id), _clock.GetUtcNow());
        await using var db = await _database.WriteAsync(organisation, cancellationToken);
        if (await IsGrantedAsync(db, link, person, cancellationToken))
        {
            return null;
        }

        if (person.IsNew)
        {
            Readers.Add(db, group.Actor, person);
        }
        else if (person.Reader.ClosedAt is not null)
        {
            db.Readers.Update(person.Reader);
            person.Reader.Reopen();
        }

        db.SecureLinks.Add(own);
        db.Record(granted.Key.Outcomes);
        db.Record(new AuditEvent(group.Actor, AuditAction.GroupReaderNamed, own.Id.Value, new Dictionary<string, string> { ["group"] = link.Link.Id.ToString() }));
        db.Announce(link.Message.MailboxId);
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (DbUpdateException) when (person.IsNew)
        {
            // New to two messages at once.
            if (!await _readers.IsAnyKnownAsync(organisation, [person], cancellationToken))
            {
                throw;
            }

            return null;
        }

        return new PersonNaming.Named(token);
    }

    /// <summary>One at a time for each group: whoever presses a button twice gets one link.</summary>
    private static async Task<bool> IsGrantedAsync(PortalDbContext db, FoundLink link, KnownReader person, CancellationToken cancellationToken)
    {
        var (organisation, message) = (link.Link.OrganisationId, link.Message.Id);
        await db.SecureLinks
            .Where(one => one.OrganisationId == organisation && one.Id == link.Link.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.Openings, one => one.Openings), cancellationToken);
        return person.IsNew
            ? await db.Readers.AnyAsync(one => one.OrganisationId == organisation && one.AddressToken == person.Reader.AddressToken, cancellationToken)
            : await db.SecureLinks.AnyAsync(one => one.OrganisationId == organisation && one.MessageId == message && one.ReaderId == person.Reader.Id && one.TokenSha256 != null && !one.IsGroup, cancellationToken);
    }
}
