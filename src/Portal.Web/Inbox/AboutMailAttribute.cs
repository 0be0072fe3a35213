using Portal.Application;
using Portal.Application.Mailboxes;
using Portal.Web.Shell;

namespace Portal.Web.Inbox;

internal sealed class AboutMailAttribute : AboutAttribute
{
    public override async Task<bool> IsThereAsync(IServiceProvider services, Actor.Person actor, RouteValueDictionary address, CancellationToken cancellationToken) =>
        FolderNames.Kind(address["FolderName"] as string) is not null
        && (Id(address, "MessageId") is not { } id || await services.GetRequiredService<MailboxReading>().HasAsync(actor, StoredMessageId.From(id), cancellationToken));
}
