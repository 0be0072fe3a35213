using Portal.Application.Compose;
using Portal.Application.Inbox;
using Portal.Application.LargeFiles;
using Portal.Application.Mailboxes;
using Portal.Application.Transport;

namespace Portal.Application.Tests.Portals;

/// <summary>Somebody else's ids, on every service that pages call: by a colleague and by another organisation.</summary>
public sealed class TenancyTests(PostgresClinic clinic)
{
    private static readonly CancellationToken Never = CancellationToken.None;

    public static TheoryData<bool> Strangers => [true, false];

    private TestPortal Portal => clinic.Portal;

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Nothing_of_a_message_answers_to_others(bool colleague)
    {
        var stranger = Stranger(colleague);
        var subject = $"mine {Guid.NewGuid():N}";
        var draft = await Portal.WriteAsync(clinic.Alice, Mail.To("alice@example.test", subject));
        using (var content = new MemoryStream(new byte[10]))
        {
            await Portal.Get<DraftFiles>().AttachAsync(clinic.Alice.Account, draft, "a.txt", "text/plain", content, Never);
        }

        await Portal.SendAsync(clinic.Alice, draft);
        var message = (await Portal.ReceiveAsync(clinic.Alice, subject)).Id;
        var reading = Portal.Get<MessageReading>();

        Assert.IsType<MessageOpening.NotFound>(await reading.OpenAsync(stranger.Account, message, Never));
        Assert.Null(await reading.BodyAsync(stranger.Account, message, Never));
        Assert.Null(await reading.AttachmentAsync(stranger.Account, message, 0, isAnew: true, Never));
        Assert.Null(await reading.SourceAsync(stranger.Account, message, Never));
        Assert.False(await Portal.Get<MailboxReading>().HasAsync(stranger.Account, message, Never));
        Assert.Null(await Portal.Get<MailboxReading>().MoveAsync(stranger.Account, message, FolderKind.Trash, Never));
        Assert.Null(await Portal.Get<Drafts>().ReplyAsync(stranger.Account, message, ReplyKind.Forward, Never));
        await Portal.Get<MailboxReading>().MarkAsync(stranger.Account, [message], read: true, Never);
        Assert.False((await Portal.ListAsync(clinic.Alice)).Single(row => row.Id == message).IsRead);
        var folder = await Portal.FolderAsync(clinic.Alice, FolderKind.Inbox);
        Assert.Empty((await Portal.Get<MailboxReading>().WindowAsync(stranger.Account, folder.Id, new WindowStart.Newest(), Never)).Rows);
        Assert.DoesNotContain(await Portal.Get<MailboxReading>().ListAsync(stranger.Account, Never), one => one.Id == clinic.Alice.Mailbox);
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Nothing_of_a_draft_answers_to_others(bool colleague)
    {
        var stranger = Stranger(colleague);
        var (drafts, files) = (Portal.Get<Drafts>(), Portal.Get<DraftFiles>());
        var draft = await Portal.WriteAsync(clinic.Alice, Mail.To("bob@example.test", "mine"));
        using var content = new MemoryStream(new byte[10]);
        var attached = Assert.IsType<FileTaking.Taken>(await files.AttachAsync(clinic.Alice.Account, draft, "a.txt", "text/plain", content, Never));
        content.Position = 0;

        Assert.Null(await drafts.OpenAsync(stranger.Account, draft, Never));
        Assert.IsType<DraftSaving.Gone>(await drafts.SaveAsync(stranger.Account, draft, DraftContent.Empty, version: null, Never));
        Assert.IsType<FileTaking.NotFound>(await files.AttachAsync(stranger.Account, draft, "b.txt", "text/plain", content, Never));
        await files.DetachAsync(stranger.Account, draft, new DraftAttachmentId(attached.File), Never);
        await drafts.DiscardAsync(stranger.Account, draft, version: null, Never);
        Assert.IsType<SendOutcome.Gone>(await Portal.SendAsync(stranger, draft));
        Assert.DoesNotContain(await drafts.ListAsync(stranger.Account, Never), one => one.Id == draft);
        await Assert.ThrowsAsync<InvalidOperationException>(() => drafts.CreateAsync(stranger.Account, clinic.Alice.Mailbox, DraftContent.Empty, Never));

        var kept = (await drafts.OpenAsync(clinic.Alice.Account, draft, Never))!;
        Assert.Equal("mine", kept.Content.Subject);
        Assert.Single(kept.Attachments);
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task A_mailboxs_account_elsewhere_answers_to_its_owner_only(bool colleague)
    {
        var stranger = Stranger(colleague);
        var accounts = Portal.Get<MailAccounts>();
        var settings = new MailAccountSettings("127.0.0.1", 1, TlsMode.None, "127.0.0.1", 1, TlsMode.None, "x", "y");
        Assert.Null((await accounts.ViewAsync(stranger.Account, clinic.Alice.Mailbox, Never)).Settings);
        Assert.IsType<MailAccountOutcome.NotYours>(
            await accounts.ConnectAsync(stranger.Account, clinic.Alice.Mailbox, settings, _ => Task.CompletedTask, Never));
    }

    [Fact]
    public async Task A_key_signs_for_its_owner_only()
    {
        var alices = (await Portal.Get<Certificates.PersonCertificates>().FindAsync(clinic.Organisation, clinic.Alice.Account.Account, Never))!;
        var broker = Portal.Get<KeyBroker.KeyBroker>();
        Assert.IsType<KeyBroker.KeyGrant.Granted>(await broker.GrantAsync(clinic.Alice.Account, alices.SigningKey, KeyBroker.KeyTask.SignMessage, Never));
        Assert.IsType<KeyBroker.KeyGrant.Denied>(await broker.GrantAsync(clinic.Bob.Account, alices.SigningKey, KeyBroker.KeyTask.SignMessage, Never));
        Assert.IsType<KeyBroker.KeyGrant.Denied>(await broker.GrantAsync(clinic.Mallory!.Account, alices.SigningKey, KeyBroker.KeyTask.SignMessage, Never));
        Assert.IsType<KeyBroker.KeyGrant.Denied>(await broker.GrantAsync(clinic.Alice.Account, alices.SigningKey, KeyBroker.KeyTask.OpenMessage, Never));
        Assert.IsType<KeyBroker.KeyGrant.Denied>(await broker.GrantAsync(
            new Actor.Portal(clinic.Organisation, "inbox"), alices.SigningKey, KeyBroker.KeyTask.SignMessage, Never));
    }

    private SignedInPerson Stranger(bool colleague) => colleague ? clinic.Bob : clinic.Mallory!;
}
