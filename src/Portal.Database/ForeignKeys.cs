using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Portal.Application;
using Portal.Application.AtRest;
using Portal.Application.Certificates;
using Portal.Application.Compose;
using Portal.Application.KeyBroker;
using Portal.Application.LargeFiles;
using Portal.Application.Mailboxes;
using Portal.Application.Organisations;
using Portal.Application.Outbox;
using Portal.Application.Transport;

namespace Portal.Database;

/// <summary>
/// What must not outlive what, across capabilities: they know each other by id only, the database knows the rest.
/// Keys within a capability stand in its own mappings.
/// </summary>
internal static class ForeignKeys
{
    /// <summary>Before the context's own mapping, which names what is here.</summary>
    public static void AddForeignKeys(this ModelBuilder model)
    {
        var owned = typeof(PortalDbContext).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IOwned)) && type != typeof(Organisation));
        foreach (var type in owned)
        {
            model.Entity(type).HasOne(typeof(Organisation)).WithMany().HasForeignKey(nameof(IOwned.OrganisationId)).OnDelete(DeleteBehavior.Restrict);
        }

        model.Refer<StoredMessage, Blob>(one => one.RawId);
        model.Refer<OutboxMessage, Blob>(one => one.ContentId);
        model.Refer<DraftAttachment, Blob>(one => one.ContentId);
        model.Refer<LargeFile, Blob>(one => one.ContentId);
        model.Refer<Blob, Mailbox>(one => one.MailboxId);
        model.Refer<MailboxDataKey, Mailbox>(one => one.MailboxId);
        model.Refer<MailAccount, Mailbox>(one => one.MailboxId);
        model.Refer<Draft, Mailbox>(one => one.MailboxId);
        model.Refer<OutboxMessage, Mailbox>(one => one.SenderId);
        model.Refer<Certificate, ManagedKey>(one => one.KeyId);
        model.Refer<OrganisationDataKey, ManagedKey>(one => one.WrappingKeyId);
    }

    private static void Refer<TFrom, TTo>(this ModelBuilder model, Expression<Func<TFrom, object?>> key)
        where TFrom : class
        where TTo : class =>
        model.Entity<TFrom>().HasOne<TTo>().WithMany().HasForeignKey(key).OnDelete(DeleteBehavior.Restrict);
}
