using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Portal.Application.AtRest;
using Portal.Application.Brands;
using Portal.Application.LargeFiles;
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
    /// <param name="Host">Where; or what is written, if that is no address.</param>
    public sealed record Elsewhere(string Host) : NoticeCheck;

    /// <summary>It leads here, and not to a message: to a file, or to a page that anybody may know.</summary>
    public sealed record Harmless : NoticeCheck;

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

    private const int LongestShown = 60;

    private readonly PortalDatabase _database;
    private readonly IDirectory _directory;
    private readonly DataKeys _keys;
    private readonly LargeFiles.LargeFiles _files;
    private readonly BrandReading _brands;
    private readonly PublicAddressOptions _address;
    private readonly TimeProvider _clock;

    internal NoticeChecking(
        PortalDatabase database,
        IDirectory directory,
        DataKeys keys,
        LargeFiles.LargeFiles files,
        BrandReading brands,
        IOptions<PublicAddressOptions> address,
        TimeProvider clock)
    {
        (_database, _directory, _keys, _files) = (database, directory, keys, files);
        (_brands, _address, _clock) = (brands, address.Value, clock);
    }

    /// <summary>Of the source of a mail, lines that were broken on the way (RFC 2045 §6.7) are whole again; and what is too long ends between two words.</summary>
    private static string Looked(string pasted)
    {
        var whole = pasted.Replace("=\r\n", string.Empty, StringComparison.Ordinal).Replace("=\n", string.Empty, StringComparison.Ordinal);
        return whole.Length <= Longest ? whole : whole[..Math.Max(0, whole.AsSpan(0, Longest).LastIndexOfAny(' ', '\n', '\t'))];
    }

    /// <summary>Changes nothing.</summary>
    /// <param name="pasted">A link, or the whole mail.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<NoticeCheck> CheckAsync(string pasted, CancellationToken cancellationToken)
    {
        // A mail of which one link leads elsewhere is not ours, whatever the others do.
        var links = new List<Uri>();
        foreach (var written in WrittenLinks.In(Looked(pasted)))
        {
            if (Read(written) is not { } link)
            {
                return new NoticeCheck.Elsewhere(written.Length <= LongestShown ? written : written[..LongestShown]);
            }

            links.Add(link);
        }

        if (links.Count == 0)
        {
            return new NoticeCheck.NoLink();
        }

        var found = await FindAsync(links, cancellationToken);
        if (await FindForeignAsync(links, found?.Organisation, cancellationToken) is { } other)
        {
            return new NoticeCheck.Elsewhere(other.IdnHost);
        }

        if (found is not { } place)
        {
            return await IsHarmlessAsync(links, cancellationToken) ? new NoticeCheck.Harmless() : new NoticeCheck.Unknown();
        }

        try
        {
            var brand = await _brands.OfAsync(place.Organisation, cancellationToken);
            using var key = await _keys.OfOrganisationAsync(place.Organisation, cancellationToken);
            await using var db = await _database.ReadAsync(place.Organisation, cancellationToken);
            if (await FoundLink.FindAsync(db, place.Organisation, place.Link, cancellationToken) is not { Link.NoticedAt: { } noticedAt } link)
            {
                return new NoticeCheck.Unknown();
            }

            var sender = link.Message.Sender(key);
            return new NoticeCheck.Genuine(sender.Name, sender.Address, brand.Name, link.Reader.Masked(key), noticedAt, link.IsOpen(_clock.GetUtcNow()));
        }
        catch (KeyStoreException)
        {
            return new NoticeCheck.KeyUnavailable();
        }
    }

    /// <summary>What the first link that has a token leads to.</summary>
    private async Task<SecureLinkPlace?> FindAsync(List<Uri> links, CancellationToken cancellationToken) =>
        links.Select(one => Token().Match(one.AbsolutePath)).FirstOrDefault(one => one.Success)?.Groups[1].Value is { } token && LinkTokens.Sha256(token) is { } sha256
            ? await _directory.FindSecureLinkAsync(sha256, cancellationToken)
            : null;

    private async Task<bool> IsHarmlessAsync(List<Uri> links, CancellationToken cancellationToken)
    {
        if (links.Exists(one => one.AbsolutePath.StartsWith("/open/", StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        return links.Select(one => FileKey().Match(one.AbsolutePath)).FirstOrDefault(one => one.Success) is not { } file
            || await _files.FindAsync(file.Groups[1].Value, cancellationToken) is not LargeFileAccess.NotFound;
    }

    /// <summary>The first link that leads neither to the portal's address nor to the host name of whoever sent it.</summary>
    /// <param name="links">Of one mail.</param>
    /// <param name="owner">Who sent it; null where nobody of ours did.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    private async Task<Uri?> FindForeignAsync(List<Uri> links, OrganisationId? owner, CancellationToken cancellationToken)
    {
        var known = new HashSet<string>();
        foreach (var link in links.Where(one => !IsPublicAddress(one)))
        {
            if (link is not { Scheme: "https", IsDefaultPort: true, UserInfo: "" })
            {
                return link;
            }

            // What is foreign ends the search, so that nobody has us look up a thousand names.
            if (known.Add(link.IdnHost) && (await _brands.AtAsync(link.IdnHost, cancellationToken) is not { } brand || brand.Organisation != (owner ?? brand.Organisation)))
            {
                return link;
            }
        }

        return null;
    }

    private bool IsPublicAddress(Uri link) =>
        _address.PublicAddress is { } own && link.Scheme == own.Scheme && link.Host == own.Host && link.Port == own.Port && link.UserInfo.Length == 0;

    /// <summary>As browsers read it: a backslash is a slash, and where there is no scheme, they take their own.</summary>
    private static Uri? Read(string written)
    {
        var address = written.Replace('\\', '/');
        return Uri.TryCreate(Scheme().IsMatch(address) ? address : $"https://{address}", UriKind.Absolute, out var link) && link.Host.Length > 0 ? link : null;
    }

    [GeneratedRegex("^(?:https?:|[a-z][a-z0-9+.-]*://)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();

    [GeneratedRegex("^/file/([A-Za-z0-9_-]{1,64})$")]
    private static partial Regex FileKey();

    [GeneratedRegex("^/open/([A-Za-z0-9_-]{1,64})$")]
    private static partial Regex Token();
}
