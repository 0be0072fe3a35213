using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Compose;
using Portal.Application.Inbox;
using Portal.Application.Mailboxes;

namespace Portal.Application.Tests.Portals;

/// <summary>What people do with mail, in as many words as a test needs.</summary>
internal static class Mail
{
    public static async Task<DraftId> WriteAsync(this TestPortal portal, SignedInPerson from, DraftContent content) =>
        await portal.Get<Drafts>().CreateAsync(from.Account, from.Mailbox, content, CancellationToken.None);

    public static Task<SendOutcome> SendAsync(this TestPortal portal, SignedInPerson from, DraftId draft, UnencryptableChoice choice = UnencryptableChoice.Ask) =>
        portal.Get<Sending>().SendAsync(from.Account, draft, choice, CancellationToken.None);

    public static async Task<StoredMessageId> SendAsync(this TestPortal portal, SignedInPerson from, DraftContent content, UnencryptableChoice choice = UnencryptableChoice.Ask) =>
        Assert.IsType<SendOutcome.Accepted>(await portal.SendAsync(from, await portal.WriteAsync(from, content), choice)).SentCopy;

    public static DraftContent To(string to, string subject, string body = "The body.") =>
        DraftContent.Empty with { To = to, Subject = subject, Body = body };

    public static async Task<FolderView> FolderAsync(this TestPortal portal, SignedInPerson person, FolderKind kind) =>
        (await portal.Get<MailboxReading>().ListAsync(person.Account, CancellationToken.None)).Single().Folders.Single(folder => folder.Kind == kind);

    public static async Task<IReadOnlyList<MessageRow>> ListAsync(this TestPortal portal, SignedInPerson person, FolderKind kind = FolderKind.Inbox)
    {
        var folder = await portal.FolderAsync(person, kind);
        return (await portal.Get<MailboxReading>().WindowAsync(person.Account, folder.Id, new WindowStart.Newest(), CancellationToken.None)).Rows;
    }

    /// <summary>Lets the worker work until the message with this subject has been opened.</summary>
    public static async Task<MessageRow> ReceiveAsync(this TestPortal portal, SignedInPerson person, string subject)
    {
        MessageRow? row = null;
        await portal.WorkUntilAsync(async () =>
            (row = (await portal.ListAsync(person)).FirstOrDefault(one => one.State != MessageState.Arrived && one.Subject == subject)) is not null);
        return row!;
    }

    public static async Task<MessageView> OpenAsync(this TestPortal portal, SignedInPerson person, StoredMessageId message) =>
        Assert.IsType<MessageOpening.Opened>(await portal.Get<MessageReading>().OpenAsync(person.Account, message, CancellationToken.None)).Message;

    public static async Task<string> BodyAsync(this TestPortal portal, SignedInPerson person, StoredMessageId message) =>
        (await portal.Get<MessageReading>().BodyAsync(person.Account, message, CancellationToken.None))!.Html;

    public static async Task<byte[]> SourceAsync(this TestPortal portal, SignedInPerson person, StoredMessageId message)
    {
        await using var source = (await portal.Get<MessageReading>().SourceAsync(person.Account, message, CancellationToken.None))!;
        return await source.Content.ReadAllAsync();
    }

    public static async Task<byte[]> ReadAllAsync(this Stream stream)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    /// <summary>Puts raw bytes into somebody's inbox, as mail that arrived; the same bytes as another message each time.</summary>
    public static async Task<StoredMessageId> ArriveAsync(this TestPortal portal, SignedInPerson person, byte[] raw, DateTimeOffset? at = null)
    {
        var (organisation, mailbox) = (person.Account.Organisation, person.Mailbox);
        using var content = new MemoryStream(raw);
        var stored = await portal.Get<SealedBlobs>().WriteAsync(organisation, mailbox, content, long.MaxValue, CancellationToken.None);
        using var key = await portal.Get<DataKeys>().OfMailboxAsync(organisation, mailbox, CancellationToken.None);
        await using var db = await portal.Database.WriteAsync(organisation, CancellationToken.None);
        var message = await Arrivals.EnterAsync(
            db, organisation, mailbox, stored, key.Token(RandomNumberGenerator.GetBytes(32)), at ?? TimeProvider.System.GetUtcNow(), CancellationToken.None);
        await db.CommitAsync(CancellationToken.None);
        return message.Id;
    }

    public static byte[] Raw(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));

    /// <summary>The certificate that others encrypt for.</summary>
    public static async Task<byte[]> EncryptionCertificateAsync(this TestPortal portal, SignedInPerson person)
    {
        await using var db = await portal.Database.ReadAsync(person.Account.Organisation, CancellationToken.None);
        return await db.Certificates
            .Where(one => one.OwnerId == person.Account.Account && one.Kind == Certificates.CertificateKind.Encryption)
            .Select(one => one.Encoded!)
            .SingleAsync();
    }
}
