using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.Compose;
using Portal.Application.Inbox;
using Portal.Application.LargeFiles;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Application.Protection;

namespace Portal.Application.Tests.Portals;

/// <summary>From a draft to somebody's inbox, on each database.</summary>
public abstract class SendingContract(Clinic clinic)
{
    private TestPortal Portal => clinic.Portal;

    [Fact]
    public async Task Mail_inside_the_portal_arrives_signed_and_encrypted()
    {
        var subject = Unique("inside");
        await Portal.SendAsync(clinic.Alice, Mail.To("bob@example.test", subject, "Grüße & <b>no markup</b>"));

        var row = await Portal.ReceiveAsync(clinic.Bob, subject);
        var message = await Portal.OpenAsync(clinic.Bob, row.Id);
        Assert.Equal(MessageVerdict.SignedValid, message.Verdict.Verdict);
        Assert.True(message.Verdict.Encrypted);
        Assert.Equal(["AuthEnveloped AES-256-GCM", "ClearSigned"], message.Verdict.Layers);
        Assert.Equal("alice@example.test", message.From!.Address);
        var body = await Portal.BodyAsync(clinic.Bob, row.Id);
        Assert.Contains("Grüße & <b>no markup</b>", System.Net.WebUtility.HtmlDecode(body), StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sent_copy_shows_what_became_of_each_recipient()
    {
        var subject = Unique("deliveries");
        var copy = await Portal.SendAsync(clinic.Alice, Mail.To("bob@example.test", subject));
        await Portal.ReceiveAsync(clinic.Bob, subject);
        await Portal.WorkUntilAsync(async () => (await Portal.OpenAsync(clinic.Alice, copy)).Deliveries.All(one => one.State == DeliveryState.Sent));

        var message = await Portal.OpenAsync(clinic.Alice, copy);
        Assert.Equal(FolderKind.Sent, message.Folder);
        Assert.Equal("bob@example.test", Assert.Single(message.Deliveries).Address);
        Assert.Equal(MessageVerdict.SignedValid, message.Verdict.Verdict);
        Assert.True(message.Verdict.Encrypted);
    }

    [Fact]
    public async Task Reading_again_asks_no_private_key()
    {
        var subject = Unique("again");
        await Portal.SendAsync(clinic.Alice, Mail.To("bob@example.test", subject));
        var row = await Portal.ReceiveAsync(clinic.Bob, subject);
        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, CancellationToken.None);
        var before = await UsesAsync(db);

        await Portal.BodyAsync(clinic.Bob, row.Id);
        await Portal.BodyAsync(clinic.Bob, row.Id);

        await using var after = await Portal.Database.ReadAsync(clinic.Organisation, CancellationToken.None);
        Assert.True(before > 0);
        Assert.Equal(before, await UsesAsync(after));
    }

    [Fact]
    public async Task A_bcc_recipient_has_an_envelope_of_its_own_and_is_named_to_nobody()
    {
        var subject = Unique("bcc");
        var copy = await Portal.SendAsync(clinic.Alice, Mail.To("alice@example.test", subject) with { Bcc = "bob@example.test" });

        var bobs = await Portal.ReceiveAsync(clinic.Bob, subject);
        var alices = await Portal.ReceiveAsync(clinic.Alice, subject);
        Assert.DoesNotContain("bob@example.test", Encoding.Latin1.GetString(await Portal.SourceAsync(clinic.Alice, alices.Id)), StringComparison.Ordinal);
        Assert.DoesNotContain("bob@example.test", Encoding.Latin1.GetString(await Portal.SourceAsync(clinic.Bob, bobs.Id)), StringComparison.Ordinal);
        Assert.Equal("bob@example.test", Assert.Single((await Portal.OpenAsync(clinic.Alice, copy)).Bcc).Address);
        Assert.Empty((await Portal.OpenAsync(clinic.Bob, bobs.Id)).Bcc);
    }

    [Fact]
    public async Task The_same_bytes_enter_a_mailbox_once_however_many_nodes_bring_them()
    {
        var person = await Portal.EnrolAsync(clinic.Organisation, $"once.{Guid.NewGuid():N}@example.test");
        var place = new MailboxPlace(clinic.Organisation, person.Mailbox);
        var bytes = Encoding.UTF8.GetBytes($"Subject: {Unique("at once")}\r\n\r\nOnce.\r\n");
        var sha256 = System.Security.Cryptography.SHA256.HashData(bytes);

        await Parallel.ForEachAsync(Enumerable.Range(0, 8), async (_, cancellationToken) =>
        {
            using var content = new MemoryStream(bytes);
            await Portal.Get<LocalDelivery>().DeliverAsync(place, content, sha256, cancellationToken);
        });

        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, CancellationToken.None);
        Assert.Equal(1, await db.Messages.CountAsync(one => one.MailboxId == person.Mailbox));
        Assert.Equal(1, await db.Blobs.CountAsync(one => one.MailboxId == person.Mailbox));
    }

    [Theory]
    [InlineData("")]
    [InlineData("alice@example.test")]
    public async Task Whoever_waits_for_a_large_message_is_told_how_far_it_is(string bcc)
    {
        var draft = await Portal.WriteAsync(clinic.Alice, Mail.To("bob@example.test", Unique("progress")) with { Bcc = bcc });
        using var file = new MemoryStream(new byte[3 << 20]);
        await Portal.Get<DraftFiles>().AttachAsync(clinic.Alice.Account, draft, "scan.tif", "image/tiff", file, CancellationToken.None);
        var told = new Told();
        Assert.IsType<SendOutcome.Accepted>(await Portal.Get<Sending>().SendAsync(clinic.Alice.Account, draft, UnencryptableChoice.Ask, [], told, CancellationToken.None));
        Assert.Equal(told.Percents.Distinct().Order(), told.Percents);
        Assert.True(told.Percents.Count > 20, string.Join(' ', told.Percents));
        Assert.InRange(told.Percents[^1], 90, 99);
    }

    [Fact]
    public async Task An_attachment_arrives_as_it_was()
    {
        var subject = Unique("attachment");
        var bytes = new byte[300_000];
        System.Security.Cryptography.RandomNumberGenerator.Fill(bytes);
        var draft = await Portal.WriteAsync(clinic.Alice, Mail.To("bob@example.test", subject));
        using (var content = new MemoryStream(bytes))
        {
            Assert.IsType<FileTaking.Taken>(await Portal.Get<DraftFiles>().AttachAsync(
                clinic.Alice.Account, draft, "..\\evil/Röntgen.pdf", "application/pdf", content, CancellationToken.None));
        }

        Assert.IsType<SendOutcome.Accepted>(await Portal.SendAsync(clinic.Alice, draft));
        var row = await Portal.ReceiveAsync(clinic.Bob, subject);
        var attachment = Assert.Single((await Portal.OpenAsync(clinic.Bob, row.Id)).Attachments);
        Assert.Equal(new AttachmentView(0, "Röntgen.pdf", "application/pdf", bytes.Length), attachment);
        await using var download = (await Portal.Get<MessageReading>().AttachmentAsync(clinic.Bob.Account, row.Id, 0, isAnew: true, CancellationToken.None))!;
        Assert.Equal(bytes, await download.Content.ReadAllAsync());
    }

    [Fact]
    public async Task Without_a_certificate_nothing_is_sent_and_the_draft_is_kept()
    {
        var draft = await Portal.WriteAsync(clinic.Alice, Mail.To("bob@example.test, nobody@outside.test", Unique("no certificate")));

        var refused = Assert.IsType<SendOutcome.Refused>(await Portal.SendAsync(clinic.Alice, draft));

        Assert.Equal(SendProblem.Unencryptable, refused.Problem);
        Assert.Equal(
            [("bob@example.test", RecipientHandling.Encrypted, true), ("nobody@outside.test", RecipientHandling.NoCertificate, false)],
            refused.Recipients.Select(one => (one.Address, one.Handling, one.Inside)));
        Assert.NotNull(await Portal.Get<Drafts>().OpenAsync(clinic.Alice.Account, draft, CancellationToken.None));
    }

    [Fact]
    public async Task A_misspelt_colleague_is_told_from_somebody_outside()
    {
        var draft = await Portal.WriteAsync(clinic.Alice, Mail.To("bbo@example.test, nobody@outside.test", Unique("misspelt")));

        var preview = await Portal.Get<Sending>().PreviewAsync(clinic.Alice.Account, draft, Mail.To("bbo@example.test, nobody@outside.test", "misspelt"), CancellationToken.None);

        Assert.Equal(
            [(RecipientHandling.NoCertificate, ProtectionTexts.NoMailboxHere), (RecipientHandling.NoCertificate, null)],
            preview!.Recipients.Select(one => (one.Handling, one.Detail)));
    }

    [Fact]
    public async Task Whoever_cannot_be_encrypted_for_can_be_left_out()
    {
        var subject = Unique("left out");
        var copy = await Portal.SendAsync(
            clinic.Alice, Mail.To("bob@example.test, nobody@outside.test", subject), UnencryptableChoice.LeaveOut);

        await Portal.ReceiveAsync(clinic.Bob, subject);
        var sent = await Portal.OpenAsync(clinic.Alice, copy);
        Assert.Equal("bob@example.test", Assert.Single(sent.Deliveries).Address);
        Assert.Equal("bob@example.test", Assert.Single(sent.To).Address);
    }

    [Fact]
    public async Task Signed_only_and_unprotected_mail_need_the_organisations_leave()
    {
        var signedOnly = await Portal.WriteAsync(clinic.Alice, Mail.To("nobody@outside.test", Unique("signed only")));
        var open = await Portal.WriteAsync(clinic.Alice, Mail.To("bob@example.test", Unique("open")) with { Protect = false });

        var first = Assert.IsType<SendOutcome.Refused>(await Portal.SendAsync(clinic.Alice, signedOnly, UnencryptableChoice.SendSignedOnly));
        var second = Assert.IsType<SendOutcome.Refused>(await Portal.SendAsync(clinic.Alice, open));

        Assert.Equal((SendProblem.NotPermitted, SendProblem.NotPermitted), (first.Problem, second.Problem));
    }

    [Theory]
    [InlineData("bob@")]
    [InlineData("bob")]
    [InlineData("bob@exa mple.test")]
    [InlineData("\"unclosed <bob@example.test>")]
    public async Task A_malformed_address_is_named_and_nothing_is_sent(string address)
    {
        var draft = await Portal.WriteAsync(clinic.Alice, Mail.To(address, Unique("malformed")));

        var refused = Assert.IsType<SendOutcome.Refused>(await Portal.SendAsync(clinic.Alice, draft));

        Assert.Equal(SendProblem.MalformedAddress, refused.Problem);
        Assert.Contains(refused.Recipients, one => one.Handling == RecipientHandling.Malformed);
    }

    [Fact]
    public async Task Nobody_to_send_to_is_a_refusal()
    {
        var draft = await Portal.WriteAsync(clinic.Alice, Mail.To(" , ; ", Unique("nobody")));
        Assert.Equal(SendProblem.NoRecipient, Assert.IsType<SendOutcome.Refused>(await Portal.SendAsync(clinic.Alice, draft)).Problem);
    }

    [Fact]
    public async Task A_draft_is_sent_once()
    {
        var subject = Unique("once");
        var draft = await Portal.WriteAsync(clinic.Alice, Mail.To("bob@example.test", subject));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Portal.SendAsync(clinic.Alice, draft)));

        Assert.Single(outcomes.OfType<SendOutcome.Accepted>());
        Assert.Equal(3, outcomes.OfType<SendOutcome.Gone>().Count());
        await Portal.ReceiveAsync(clinic.Bob, subject);
        Assert.Single(await Portal.ListAsync(clinic.Bob), row => row.Subject == subject);
    }

    [Fact]
    public async Task An_answer_to_encrypted_mail_is_never_sent_in_the_clear()
    {
        var subject = Unique("question");
        await Portal.SendAsync(clinic.Bob, Mail.To("alice@example.test", subject, "A question."));
        var row = await Portal.ReceiveAsync(clinic.Alice, subject);
        var answer = await Portal.Get<Drafts>().ReplyAsync(clinic.Alice.Account, row.Id, ReplyKind.Reply, CancellationToken.None);
        var draft = (await Portal.Get<Drafts>().OpenAsync(clinic.Alice.Account, answer!.Value, CancellationToken.None))!;
        Assert.Contains("bob@example.test", draft.Content.To, StringComparison.Ordinal);
        Assert.Equal($"Re: {subject}", draft.Content.Subject);
        Assert.Contains("> A question.", draft.Content.Body, StringComparison.Ordinal);

        await Portal.Get<Drafts>().SaveAsync(clinic.Alice.Account, draft.Id, draft.Content with { Protect = false }, draft.Version, CancellationToken.None);
        var refused = Assert.IsType<SendOutcome.Refused>(await Portal.SendAsync(clinic.Alice, draft.Id));
        Assert.Equal(SendProblem.NotPermitted, refused.Problem);
    }

    [Fact]
    public async Task The_audit_chain_names_what_was_done_and_is_intact()
    {
        var subject = Unique("audit");
        var copy = await Portal.SendAsync(clinic.Alice, Mail.To("bob@example.test", subject));
        var row = await Portal.ReceiveAsync(clinic.Bob, subject);
        await Portal.OpenAsync(clinic.Bob, row.Id);

        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, CancellationToken.None);
        var actions = await db.AuditEntries.Where(one => one.Subject == copy.Value || one.Subject == row.Id.Value).OrderBy(one => one.Sequence).Select(one => one.Action).ToListAsync();
        Assert.Equal([AuditAction.MessageSent, AuditAction.MessageReceived, AuditAction.MessageOpened], actions);
        Assert.IsType<AuditChainState.Intact>(await Portal.Get<AuditVerification>().VerifyAsync(clinic.Organisation, [], CancellationToken.None));
    }

    [Fact]
    public async Task Each_use_of_a_key_is_on_record_twice_as_asked_for_and_as_done()
    {
        var address = $"{Guid.NewGuid():N}@example.test";
        var person = await Portal.EnrolAsync(clinic.Organisation, address);
        var subject = Unique("to myself");
        await Portal.SendAsync(person, Mail.To(address, subject));
        await Portal.ReceiveAsync(person, subject);

        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, CancellationToken.None);
        foreach (var key in await db.ManagedKeys.Where(one => one.OwnerId == person.Account.Account).ToListAsync())
        {
            var actions = await db.AuditEntries.Where(one => one.Subject == key.Id.Value).OrderBy(one => one.Sequence).Select(one => one.Action).ToListAsync();
            Assert.Equal([AuditAction.KeyCreated, AuditAction.KeyUseRequested, AuditAction.KeyUsed], actions);
        }
    }

    [Fact]
    public async Task Two_pages_of_one_draft_do_not_write_over_each_other_unnoticed()
    {
        var drafts = Portal.Get<Drafts>();
        var (alice, never) = (clinic.Alice.Account, CancellationToken.None);
        var id = await Portal.WriteAsync(clinic.Alice, DraftContent.Empty);
        var seen = (await drafts.OpenAsync(alice, id, never))!.Version;

        var first = Assert.IsType<DraftSaving.Saved>(await drafts.SaveAsync(alice, id, DraftContent.Empty with { Body = "The long text." }, seen, never));
        Assert.IsType<DraftSaving.ChangedElsewhere>(await drafts.SaveAsync(alice, id, DraftContent.Empty with { Subject = "Stale" }, seen, never));
        await drafts.DiscardAsync(alice, id, seen, never);
        Assert.Equal("The long text.", (await drafts.OpenAsync(alice, id, never))!.Content.Body);

        Assert.IsType<DraftSaving.Saved>(await drafts.SaveAsync(alice, id, DraftContent.Empty with { Body = "Longer." }, first.Version, never));
        Assert.IsType<DraftSaving.Saved>(await drafts.SaveAsync(alice, id, DraftContent.Empty with { Subject = "Chosen" }, version: null, never));
        Assert.Equal("Chosen", (await drafts.OpenAsync(alice, id, never))!.Content.Subject);
    }

    [Fact]
    public async Task More_recipients_than_a_message_can_have_are_refused_and_not_dropped()
    {
        var many = string.Join(", ", Enumerable.Range(0, 501).Select(number => $"p{number}@outside.test"));
        var refused = Assert.IsType<SendOutcome.Refused>(
            await Portal.SendAsync(clinic.Alice, await Portal.WriteAsync(clinic.Alice, Mail.To(many, "All")), UnencryptableChoice.LeaveOut));
        Assert.Equal(SendProblem.TooManyRecipients, refused.Problem);
    }

    [Fact]
    public async Task What_came_encrypted_is_offered_to_be_passed_on_encrypted_only()
    {
        await Portal.AllowAsync(clinic.Organisation, signedOnly: true, unprotected: true);
        var subject = Unique("confidential");
        await Portal.SendAsync(clinic.Bob, Mail.To("alice@example.test", subject));
        var row = await Portal.ReceiveAsync(clinic.Alice, subject);
        var forward = await Portal.Get<Drafts>().ReplyAsync(clinic.Alice.Account, row.Id, ReplyKind.Forward, CancellationToken.None);
        var preview = await Portal.Get<Sending>().PreviewAsync(clinic.Alice.Account, forward!.Value, Mail.To("stranger@outside.test", subject), CancellationToken.None);
        Assert.Equal((false, false, true), (preview!.MaySendSignedOnly, preview.MaySendUnprotected, preview.PassesOnEncrypted));
        await Portal.AllowAsync(clinic.Organisation, signedOnly: false, unprotected: false);
    }

    private sealed class Told : IProgress<int>
    {
        public List<int> Percents { get; } = [];

        public void Report(int value) => Percents.Add(value);
    }

    private static string Unique(string subject) => $"{subject} {Guid.NewGuid():N}";

    private async Task<int> UsesAsync(PortalDbContext db)
    {
        var keys = await db.ManagedKeys.Where(one => one.OwnerId == clinic.Bob.Account.Account).Select(one => (Guid?)one.Id.Value).ToListAsync();
        return await db.AuditEntries.CountAsync(one => one.Action == AuditAction.KeyUseRequested && keys.Contains(one.Subject));
    }
}

public sealed class SendingOnPostgresTests(PostgresClinic clinic) : SendingContract(clinic);

public sealed class SendingOnSqliteTests(SqliteClinic clinic) : SendingContract(clinic);
