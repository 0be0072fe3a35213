using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Brands;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks;

/// <summary>Everything that a reader may still open and take, in one archive. What they had not opened is opened on the way, on record like any opening.</summary>
public sealed class ReaderExport
{
    private const string Folder = "messages/";
    private const string Index = "index.html";

    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly BrandReading _brands;
    private readonly ReaderSessions _sessions;
    private readonly LinkReading _reading;
    private readonly LinkContents _contents;
    private readonly TimeProvider _clock;

    internal ReaderExport(PortalDatabase database, DataKeys keys, BrandReading brands, ReaderSessions sessions, LinkReading reading, LinkContents contents, TimeProvider clock)
    {
        (_database, _keys, _brands, _sessions) = (database, keys, brands, sessions);
        (_reading, _contents, _clock) = (reading, contents, clock);
    }

    /// <summary>Opens nothing.</summary>
    /// <param name="reader">Who.</param>
    /// <param name="alsoUnopened">What they have not opened counts as opened then.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null while the key store does not answer.</returns>
    public async Task<ReaderExportPlan?> PrepareAsync(SignedInReader reader, bool alsoUnopened, CancellationToken cancellationToken)
    {
        var (actor, now) = (reader.Actor, _clock.GetUtcNow());
        try
        {
            var brand = await _brands.OfAsync(actor.Organisation, cancellationToken);
            using var key = await _keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
            await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
            var address = (await db.Readers.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == actor.Id, cancellationToken)).Address(key);
            var opened = await db.LinkOpenings
                .Where(one => one.OrganisationId == actor.Organisation && one.SessionId == actor.Session && one.SealedKey != null)
                .Select(one => one.LinkId)
                .ToHashSetAsync(cancellationToken);
            var found = db.SecureLinks
                .Where(one => one.OrganisationId == actor.Organisation && one.ReaderId == actor.Id && one.ReadyAt != null)
                .OrderByDescending(one => one.ReadyAt)
                .ThenBy(one => one.Id)
                .Join(db.SecureMessages, one => one.MessageId, message => message.Id, (link, message) => new
                {
                    Link = link,
                    message.Id,
                    message.SealedSender,
                    message.AuthorId,
                    message.ExpiresAt,
                    message.RecalledAt,
                    message.ForbidsDownloads,
                    message.OpensOnce,
                    AsksPhrase = message.PassPhraseHash != null,
                });
            var links = new List<ExportedLink>();
            await foreach (var one in found.AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                var isOpen = opened.Contains(one.Link.Id);
                LeftBehind? why = one switch
                {
                    { RecalledAt: not null } => LeftBehind.Recalled,
                    { ExpiresAt: var until } when now >= until => LeftBehind.Expired,
                    { ForbidsDownloads: true } => LeftBehind.Kept,
                    _ when isOpen => null,
                    { Link.WrappedKey: null } => one.OpensOnce && one.Link.FirstOpenedAt is not null ? LeftBehind.Spent : LeftBehind.Closed,
                    { Link.IsGroup: true } => LeftBehind.Shared,
                    { AsksPhrase: true } => LeftBehind.AsksPhrase,
                    { OpensOnce: true } => LeftBehind.OpensOnce,
                    { Link.FirstOpenedAt: null } when !alsoUnopened => LeftBehind.NotOpened,
                    _ => null,
                };
                var sender = SecureMessage.SenderOf(one.SealedSender, one.Id, key);
                links.Add(new ExportedLink(one.Link.Id, sender.Name, one.Link.CreatedAt, one.ExpiresAt, one.AuthorId == actor.Id, isOpen, why));
            }

            return new ReaderExportPlan(reader, address, brand.Name, [.. links.OrderByDescending(one => one.SentAt)]);
        }
        catch (KeyStoreException)
        {
            return null;
        }
    }

    /// <summary>Writes as it opens, one message after the other; the index comes last.</summary>
    /// <param name="plan">What.</param>
    /// <param name="target">Not to be used for anything else when it comes to nothing.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>False when it broke off: the key store does not answer, or the reader has left. What was written is no archive then.</returns>
    public async Task<bool> WriteAsync(ReaderExportPlan plan, Stream target, CancellationToken cancellationToken)
    {
        // Disposed of only when it is whole: that writes the end, without which no program takes it for an archive.
        var late = new LateWrites(target);
        var archive = await ZipArchive.CreateAsync(late, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        var names = new ExportNames();
        var exported = new List<ExportedMessage>();
        foreach (var link in plan.Links)
        {
            if (await ExportAsync(plan.Reader, link, archive, names, cancellationToken) is not { } one)
            {
                return false;
            }

            exported.Add(one);
        }

        await using (var entry = await archive.CreateEntry(Index).OpenAsync(cancellationToken))
        {
            await ExportIndex.WriteAsync(plan, exported, Folder, _clock.GetUtcNow(), entry, cancellationToken);
        }

        await archive.DisposeAsync();
        await late.FlushAsync(cancellationToken);
        return true;
    }

    /// <returns>Null when it breaks off.</returns>
    private async Task<ExportedMessage?> ExportAsync(SignedInReader reader, ExportedLink link, ZipArchive archive, ExportNames names, CancellationToken cancellationToken)
    {
        if (link.Why is not null)
        {
            return new ExportedMessage(link, null, string.Empty, 0, []);
        }

        if (await _sessions.FindAsync(reader.Token, cancellationToken) is null)
        {
            return null;
        }

        // What is open is only read again: who leaves meanwhile has not used up what opens once.
        var access = link.IsOpen
            ? await _reading.ReadAsync(reader, link.Id, cancellationToken)
            : await _reading.OpenAsync(reader, link.Id, null, cancellationToken);
        return access switch
        {
            LinkAccess.Granted { Message: var message } => await WriteAsync(reader, link, message, archive, names, cancellationToken),
            LinkAccess.Recalled => Left(LeftBehind.Recalled),
            LinkAccess.Expired => Left(LeftBehind.Expired),
            LinkAccess.Spent => Left(LeftBehind.Spent),
            LinkAccess.NeedsProof => Left(LeftBehind.AsksProof),
            LinkAccess.NeedsPerson => Left(LeftBehind.Shared),
            LinkAccess.NotFound => Left(LeftBehind.Closed),
            _ => null,
        };

        ExportedMessage Left(LeftBehind why) => new(link with { Why = why }, null, string.Empty, 0, []);
    }

    private async Task<ExportedMessage?> WriteAsync(
        SignedInReader reader, ExportedLink link, LinkedMessageView message, ZipArchive archive, ExportNames names, CancellationToken cancellationToken)
    {
        Download? download;
        try
        {
            download = await _contents.MessageAsync(reader, link.Id, cancellationToken);
        }
        catch (CryptographicException)
        {
            return new ExportedMessage(link with { Why = LeftBehind.Damaged }, null, string.Empty, 0, []);
        }

        if (download is null)
        {
            return new ExportedMessage(link with { Why = LeftBehind.Recalled }, null, string.Empty, 0, []);
        }

        await using (download)
        {
            var at = message.Date ?? link.SentAt;
            var name = names.Of(at, message.Subject);
            var entry = archive.CreateEntry(Folder + name, CompressionLevel.Fastest);
            entry.LastWriteTime = ExportNames.Time(at);
            await using var content = await entry.OpenAsync(cancellationToken);
            await download.Content.CopyToAsync(content, cancellationToken);
            return new ExportedMessage(link, name, message.Subject, download.Length, message.Attachments.Where(one => one.Beside is not null).ToList());
        }
    }
}
