using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.LargeFiles;
using Portal.Application.Mailboxes;

namespace Portal.Application.Compose;

/// <summary>A draft with whom it is from and what is attached, as rows.</summary>
internal sealed record StoredDraft(Draft Draft, Mailbox Mailbox, List<DraftAttachment> Attachments)
{
    public DraftView View(SealingKey key) => new(
        Draft.Id, Mailbox.Id, Mailbox.Address, Draft.Content(key), Attachments.ConvertAll(one => one.View(key)), Draft.SavedAt, Draft.Version, Draft.SendAt);
}

/// <summary>Drafts as rows, sealed and unsealed.</summary>
internal static class DraftStore
{
    private const string ContentColumn = "drafts.sealed_content";
    private const string DescriptionColumn = "draft_attachments.sealed_description";

    public static IQueryable<Draft> DraftsOf(this PortalDbContext db, Actor.Person actor) =>
        from draft in db.Drafts
        join mailbox in db.Mailboxes.OwnedBy(actor) on draft.MailboxId equals mailbox.Id
        where draft.OrganisationId == actor.Organisation
        select draft;

    /// <returns>Null when there is none, or it is somebody else's.</returns>
    public static async Task<StoredDraft?> FindDraftAsync(this PortalDbContext db, Actor.Person actor, DraftId id, CancellationToken cancellationToken)
    {
        var found = await db.DraftsOf(actor)
            .Where(one => one.Id == id)
            .Join(db.Mailboxes, one => one.MailboxId, mailbox => mailbox.Id, (draft, mailbox) => new { Draft = draft, Mailbox = mailbox })
            .SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : new StoredDraft(found.Draft, found.Mailbox, await db.AttachmentsOfAsync(found.Draft, cancellationToken));
    }

    public static Task<List<DraftAttachment>> AttachmentsOfAsync(this PortalDbContext db, Draft draft, CancellationToken cancellationToken) =>
        db.DraftAttachments
            .Where(one => one.OrganisationId == draft.OrganisationId && one.DraftId == draft.Id)
            .OrderBy(one => one.AddedAt)
            .ToListAsync(cancellationToken);

    /// <summary>With its attachments and their bytes, in the caller's transaction.</summary>
    /// <param name="db">For writing.</param>
    /// <param name="draft">Which.</param>
    /// <param name="kept">Bytes that travel beside the message.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>False when it is gone already.</returns>
    public static async Task<bool> DeleteDraftAsync(this PortalDbContext db, Draft draft, IReadOnlyCollection<BlobId> kept, CancellationToken cancellationToken)
    {
        var blobs = await db.DraftAttachments
            .Where(one => one.OrganisationId == draft.OrganisationId && one.DraftId == draft.Id && !kept.Contains(one.ContentId))
            .Select(one => one.ContentId)
            .ToListAsync(cancellationToken);
        await db.SigningPermits.Where(one => one.OrganisationId == draft.OrganisationId && one.Subject == draft.Id.Value).ExecuteDeleteAsync(cancellationToken);
        var rows = await db.Drafts.Where(one => one.OrganisationId == draft.OrganisationId && one.Id == draft.Id).ExecuteDeleteAsync(cancellationToken);
        await db.Blobs.Where(one => one.OrganisationId == draft.OrganisationId && blobs.Contains(one.Id)).ExecuteDeleteAsync(cancellationToken);
        return rows == 1;
    }

    public static byte[] Seal(SealingKey key, DraftId draft, DraftContent content) =>
        key.SealRecord(content, DraftJson.Default.DraftContent, ContentColumn, draft.Value);

    public static DraftContent Content(this Draft draft, SealingKey key) =>
        key.OpenRecord(draft.SealedContent, DraftJson.Default.DraftContent, ContentColumn, draft.Id.Value);

    public static byte[] Seal(SealingKey key, DraftAttachmentId attachment, FileDescription description) =>
        key.SealRecord(description, DraftJson.Default.FileDescription, DescriptionColumn, attachment.Value);

    public static FileDescription Description(this DraftAttachment attachment, SealingKey key) =>
        key.OpenRecord(attachment.SealedDescription, DraftJson.Default.FileDescription, DescriptionColumn, attachment.Id.Value);

    public static DraftAttachmentView View(this DraftAttachment attachment, SealingKey key)
    {
        var description = attachment.Description(key);
        return new DraftAttachmentView(attachment.Id, description.FileName, description.MediaType, attachment.Length, attachment.IsWhole);
    }
}
