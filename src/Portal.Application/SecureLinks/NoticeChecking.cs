using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Application.AtRest;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks;

/// <summary>What is to be thought of a mail that says something waits here.</summary>
public abstract record NoticeCheck
{
    /// <summary>It has a link of ours. Whatever else the mail says, this is what it leads to.</summary>
    /// <param name="Sender">Who wrote the message that waits.</param>
    /// <param name="SenderAddress">Their mailbox.</param>
    /// <param name="Organisation">Where it rests.</param>
    /// <param name="Masked">To whom it was sent.</param>
    /// <param name="NoticedAt">When they were told last.</param>
    /// <param name="IsOpen">It can be read.</param>
    public sealed record Genuine(string Sender, string SenderAddress, string Organisation, string Masked, DateTimeOffset NoticedAt, bool IsOpen) : NoticeCheck;

    /// <summary>It leads somewhere else.</summary>
    public sealed record Elsewhere(string Host) : NoticeCheck;

    /// <summary>It leads here, and nothing of the kind was ever sent from here.</summary>
    public sealed record Unknown : NoticeCheck;

    /// <summary>There is no link in it.</summary>
    public sealed record NoLink : NoticeCheck;

    public sealed record KeyUnavailable : NoticeCheck;
}

/// <summary>Tells anybody whether a notice is genuine.</summary>
public sealed partial class NoticeChecking
{
    public const int Longest = 20_000;

    private readonly PortalDatabase _database;
    private readonly IDirectory _directory;
    private readonly DataKeys _keys;
    private readonly PublicAddressOptions _address;
    private readonly TimeProvider _clock;

    internal NoticeChecking(PortalDatabase database, IDirectory directory, DataKeys keys, IOptions<PublicAddressOptions> address, TimeProvider clock) =>
        (_database, _directory, _keys, _address, _clock) = (database, directory, keys, address.Value, clock);

    /// <summary>Changes nothing.</summary>
    /// <param name="pasted">A link, or the whole mail.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<NoticeCheck> CheckAsync(string pasted, CancellationToken cancellationToken)
    {
        // A mail of which one link leads elsewhere is not ours, whatever the others do.
        var links = Links(pasted.Length <= Longest ? pasted : pasted[..Longest]);
        if (links.Count == 0)
        {
            return new NoticeCheck.NoLink();
        }

        if (links.FirstOrDefault(one => !IsOurs(one)) is { } other)
        {
            return new NoticeCheck.Elsewhere(other.IdnHost);
        }

        var token = links.Select(one => Token().Match(one.AbsolutePath)).FirstOrDefault(one => one.Success)?.Groups[1].Value;
        if (token is null || LinkTokens.Sha256(token) is not { } sha256 || await _directory.FindSecureLinkAsync(sha256, cancellationToken) is not { } place)
        {
            return new NoticeCheck.Unknown();
        }

        try
        {
            using var key = await _keys.OfOrganisationAsync(place.Organisation, cancellationToken);
            await using var db = await _database.ReadAsync(place.Organisation, cancellationToken);
            if (await FoundLink.FindAsync(db, place.Organisation, place.Link, cancellationToken) is not { Link.NoticedAt: { } noticedAt } found)
            {
                return new NoticeCheck.Unknown();
            }

            var organisation = await db.Organisations.Where(one => one.Id == place.Organisation).Select(one => one.Name).SingleAsync(cancellationToken);
            var sender = found.Message.Sender(key);
            return new NoticeCheck.Genuine(sender.Name, sender.Address, organisation, found.Reader.Masked(key), noticedAt, found.IsOpen(_clock.GetUtcNow()));
        }
        catch (KeyStoreException)
        {
            return new NoticeCheck.KeyUnavailable();
        }
    }

    private bool IsOurs(Uri link) =>
        _address.PublicAddress is { } own && link.Scheme == own.Scheme && link.Host == own.Host && link.Port == own.Port && link.UserInfo.Length == 0;

    private static List<Uri> Links(string text) => Address().Matches(text)
        .Select(one => Uri.TryCreate(one.Value, UriKind.Absolute, out var link) ? link : null)
        .OfType<Uri>()
        .ToList();

    [GeneratedRegex("https?://[^\\s<>\"']+", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    [GeneratedRegex("^/open/([A-Za-z0-9_-]{1,64})$")]
    private static partial Regex Token();
}
