using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Application.AtRest;
using Portal.Application.Inbox;
using Portal.Application.LargeFiles;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks.Answers;

/// <summary>The files of what readers write: at once, with the form, or a part at a time, where their browser has a script.</summary>
public sealed class ReaderFiles
{
    private const int MostFiles = 50;

    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly SealedBlobs _blobs;
    private readonly FileIntake _intake;
    private readonly Quotas.Quotas _quotas;
    private readonly SecureLinkOptions _options;
    private readonly TimeProvider _clock;

    internal ReaderFiles(
        PortalDatabase database, DataKeys keys, SealedBlobs blobs, FileIntake intake, Quotas.Quotas quotas, IOptions<SecureLinkOptions> options, TimeProvider clock)
    {
        (_database, _keys, _blobs, _intake) = (database, keys, blobs, intake);
        (_quotas, _options, _clock) = (quotas, options.Value, clock);
    }

    /// <summary>Begins a file, or finds one again that was begun and is not whole.</summary>
    public async Task<FileTaking> BeginAsync(SignedInReader reader, ReaderDraftId draft, AnnouncedFile file, CancellationToken cancellationToken)
    {
        try
        {
            using var key = await _keys.OfOrganisationAsync(reader.Actor.Organisation, cancellationToken);
            return await BeginAsync(reader, draft, file, key, cancellationToken);
        }
        catch (KeyStoreException)
        {
            return new FileTaking.KeyUnavailable();
        }
    }

    /// <returns>Null when there is no such file.</returns>
    public async Task<FileProgress?> ProgressAsync(SignedInReader reader, ReaderDraftId draft, ReaderFileId id, CancellationToken cancellationToken)
    {
        if (await FindAsync(reader, draft, cancellationToken) is not { } found || found.Files.Find(one => one.Id == id) is not { } row)
        {
            return null;
        }

        return new FileProgress(row.IsWhole ? row.Length : (await _blobs.ProgressAsync(row.OrganisationId, row.ContentId, cancellationToken)).Offset, row.Length);
    }

    /// <param name="reader">Whose draft.</param>
    /// <param name="draft">Which.</param>
    /// <param name="id">Begun before.</param>
    /// <param name="offset">Where the part goes on; when that is not where the file ends, nothing is taken of it.</param>
    /// <param name="part">To the file's end at most.</param>
    /// <param name="cancellationToken">Ends the work; what has come stays.</param>
    public async Task<FileTaking> ContinueAsync(SignedInReader reader, ReaderDraftId draft, ReaderFileId id, long offset, Stream part, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(reader, draft, cancellationToken) is { } found && found.Files.Find(one => one.Id == id) is { } row
                ? await ContinueAsync(row, offset, part, cancellationToken)
                : new FileTaking.NotFound();
        }
        catch (KeyStoreException)
        {
            return new FileTaking.KeyUnavailable();
        }
    }

    /// <summary>All of a file at once, as a form brings it.</summary>
    public async Task<FileTaking> AddAsync(SignedInReader reader, ReaderDraftId draft, string fileName, string mediaType, Stream content, CancellationToken cancellationToken)
    {
        if (await FindAsync(reader, draft, cancellationToken) is not { } found || found.Files.Count >= MostFiles)
        {
            return new FileTaking.NotFound();
        }

        try
        {
            using var key = await _keys.OfOrganisationAsync(reader.Actor.Organisation, cancellationToken);
            var room = await RoomAsync(reader, found.Draft, cancellationToken);
            var stored = await _blobs.WriteAsync(reader.Actor.Organisation, found.Draft.MailboxId, content, room, cancellationToken);
            var description = new FileDescription(SafeFileName.Of(fileName, found.Files.Count), mediaType, Mark: null, Sha256: null);
            if (await AddAsync(reader, found, stored.Id, stored.Length, description, key, _ => { }, cancellationToken) is not { } row)
            {
                return new FileTaking.TooLarge(_options.FileBytes);
            }

            return await JudgeAsync(row, await _intake.JudgeAsync(row.OrganisationId, stored.Id, fileName, cancellationToken), key, cancellationToken);
        }
        catch (BlobTooLongException)
        {
            return new FileTaking.TooLarge(_options.FileBytes);
        }
        catch (KeyStoreException)
        {
            return new FileTaking.KeyUnavailable();
        }
    }

    public async Task RemoveAsync(SignedInReader reader, ReaderDraftId draft, ReaderFileId file, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(reader.Actor.Organisation, cancellationToken);
        await db.ReaderFiles
            .Where(one => one.OrganisationId == reader.Actor.Organisation && one.Id == file && one.DraftId == draft && ReaderDrafts.OfReader(db, reader).Any(own => own.Id == one.DraftId))
            .ExecuteDeleteAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    private async Task<FileTaking> BeginAsync(SignedInReader reader, ReaderDraftId draft, AnnouncedFile file, SealingKey key, CancellationToken cancellationToken)
    {
        if (await FindAsync(reader, draft, cancellationToken) is not { } found || found.Files.Count >= MostFiles)
        {
            return new FileTaking.NotFound();
        }

        var description = new FileDescription(SafeFileName.Of(file.FileName, found.Files.Count), file.MediaType, file.Mark, Sha256: null);
        if (found.Files.Find(one => !one.IsWhole && one.Length == file.Length && one.Description(key).IsOf(description)) is { } begun)
        {
            return new FileTaking.Taken(begun.Id.Value, (await _blobs.ProgressAsync(begun.OrganisationId, begun.ContentId, cancellationToken)).Offset, IsWhole: false);
        }

        if (file.Length < 0 || file.Length > _options.FileBytes)
        {
            return new FileTaking.TooLarge(_options.FileBytes);
        }

        if (await _quotas.RoomAsync(reader.Actor.Organisation, found.Draft.MailboxId, cancellationToken) < file.Length)
        {
            return new FileTaking.NoRoom();
        }

        using var mailbox = await _keys.OfMailboxAsync(reader.Actor.Organisation, found.Draft.MailboxId, cancellationToken);
        var blob = _blobs.Begin(reader.Actor.Organisation, found.Draft.MailboxId, mailbox, file.Length);
        if (await AddAsync(reader, found, blob.Id, file.Length, description, key, db => db.Blobs.Add(blob), cancellationToken) is not { } row)
        {
            return new FileTaking.TooLarge(_options.FileBytes);
        }

        _quotas.Take(reader.Actor.Organisation, found.Draft.MailboxId, file.Length);
        return new FileTaking.Taken(row.Id.Value, 0, IsWhole: false);
    }

    private async Task<FileTaking> ContinueAsync(ReaderFile row, long offset, Stream part, CancellationToken cancellationToken)
    {
        if (row.IsWhole)
        {
            return new FileTaking.Taken(row.Id.Value, row.Length, IsWhole: true);
        }

        using var key = await _keys.OfOrganisationAsync(row.OrganisationId, cancellationToken);
        return await JudgeAsync(row, await _intake.TakeAsync(row.OrganisationId, row.ContentId, row.Description(key).FileName, offset, part, cancellationToken), key, cancellationToken);
    }

    private async Task<FileTaking> JudgeAsync(ReaderFile row, Intake intake, SealingKey key, CancellationToken cancellationToken)
    {
        switch (intake)
        {
            case Intake.Partly partly:
                return new FileTaking.Taken(row.Id.Value, partly.Offset, IsWhole: false);
            case Intake.Whole whole:
                return await ChangeAsync(row, one => one.Describe(one.Description(key) with { Sha256 = whole.Sha256 }, key), cancellationToken)
                    ? new FileTaking.Taken(row.Id.Value, row.Length, IsWhole: true)
                    : new FileTaking.NotFound();
            case Intake.Malware malware:
                await ChangeAsync(row, change: null, cancellationToken);
                return new FileTaking.Malware(malware.Name);
            default:
                return new FileTaking.NotInspected();
        }
    }

    /// <returns>Null where all that they have not sent is larger than is taken: files that come at the same time count each other.</returns>
    private async Task<ReaderFile?> AddAsync(
        SignedInReader reader, Found found, BlobId content, long length, FileDescription description, SealingKey key, Action<PortalDbContext> addContent, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(found.Draft.OrganisationId, cancellationToken);
        await Readers.HoldAsync(db, found.Draft.OrganisationId, found.Draft.ReaderId, cancellationToken);
        if (await KeptAsync(db, reader, cancellationToken) + length > _options.FileBytes)
        {
            return null;
        }

        addContent(db);
        var row = new ReaderFile(found.Draft, content, length, description, key, _clock.GetUtcNow());
        db.ReaderFiles.Add(row);
        await db.CommitAsync(cancellationToken);
        return row;
    }

    /// <param name="row">Which.</param>
    /// <param name="change">Null to take it away.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>False when it is gone.</returns>
    private async Task<bool> ChangeAsync(ReaderFile row, Action<ReaderFile>? change, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(row.OrganisationId, cancellationToken);
        if (await db.ReaderFiles.AsTracking().SingleOrDefaultAsync(one => one.OrganisationId == row.OrganisationId && one.Id == row.Id, cancellationToken) is not { } stored)
        {
            return false;
        }

        if (change is null)
        {
            db.ReaderFiles.Remove(stored);
        }

        change?.Invoke(stored);
        await db.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Of all they have not sent, or anybody could fill a mailbox with what nobody sees.</summary>
    private async Task<long> RoomAsync(SignedInReader reader, ReaderDraft draft, CancellationToken cancellationToken)
    {
        var organisation = reader.Actor.Organisation;
        var inMailbox = await _quotas.RoomAsync(organisation, draft.MailboxId, cancellationToken);
        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        return Math.Max(0, Math.Min(_options.FileBytes - await KeptAsync(db, reader, cancellationToken), inMailbox));
    }

    private static Task<long> KeptAsync(PortalDbContext db, SignedInReader reader, CancellationToken cancellationToken) => db.ReaderFiles
        .Where(one => one.OrganisationId == reader.Actor.Organisation && ReaderDrafts.OfReader(db, reader).Any(own => own.Id == one.DraftId))
        .SumAsync(one => one.Length, cancellationToken);

    private async Task<Found?> FindAsync(SignedInReader reader, ReaderDraftId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(reader.Actor.Organisation, cancellationToken);
        return await ReaderDrafts.OfReader(db, reader).SingleOrDefaultAsync(one => one.Id == id, cancellationToken) is { } draft
            ? new Found(draft, await ReaderDrafts.FilesOfAsync(db, draft, cancellationToken))
            : null;
    }

    private sealed record Found(ReaderDraft Draft, List<ReaderFile> Files);
}
