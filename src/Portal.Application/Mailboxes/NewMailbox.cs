using Portal.Application.AtRest;
using Portal.Smime.Pkix;

namespace Portal.Application.Mailboxes;

/// <summary>A mailbox with its folders and its key, ready to be saved together.</summary>
internal sealed class NewMailbox
{
    private readonly MailboxDataKey _key;

    private NewMailbox(Mailbox mailbox, MailboxDataKey key) => (Mailbox, _key) = (mailbox, key);

    public Mailbox Mailbox { get; }

    /// <summary>Outside any transaction: the key store may be asked.</summary>
    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's secret could not be unwrapped.</exception>
    public static async Task<NewMailbox> PrepareAsync(
        DataKeys keys, OrganisationId organisation, AccountId owner, AddrSpec address, string displayName, CancellationToken cancellationToken)
    {
        var mailbox = new Mailbox(organisation, owner, address.ToString(), AddressKey.Of(address), displayName);
        return new NewMailbox(mailbox, await keys.CreateForMailboxAsync(organisation, mailbox.Id, cancellationToken));
    }

    public void AddTo(PortalDbContext db)
    {
        db.Mailboxes.Add(Mailbox);
        db.MailboxDataKeys.Add(_key);
        db.Folders.AddRange(Enum.GetValues<FolderKind>().Select(kind => new Folder(Mailbox.OrganisationId, Mailbox.Id, kind)));
    }
}
