namespace Portal.Application.Mailboxes;

/// <summary>Where every query on a person's mail starts.</summary>
internal static class OwnedMessages
{
    /// <summary>None, for whoever may not use mail (any more).</summary>
    public static IQueryable<Mailbox> OwnedBy(this IQueryable<Mailbox> mailboxes, Actor.Person actor)
    {
        var mayUseMail = actor.Roles.Allow(Permission.UseMail);
        return mailboxes.Where(one => one.OrganisationId == actor.Organisation && one.OwnerId == actor.Account && mayUseMail);
    }

    public static IQueryable<StoredMessage> MessagesOf(this PortalDbContext db, Actor.Person actor) =>
        from message in db.Messages
        join mailbox in db.Mailboxes.OwnedBy(actor) on message.MailboxId equals mailbox.Id
        where message.OrganisationId == actor.Organisation
        select message;

    public static IQueryable<Folder> FoldersOf(this PortalDbContext db, Actor.Person actor) =>
        from folder in db.Folders
        join mailbox in db.Mailboxes.OwnedBy(actor) on folder.MailboxId equals mailbox.Id
        where folder.OrganisationId == actor.Organisation
        select folder;
}
