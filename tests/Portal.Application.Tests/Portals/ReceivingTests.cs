using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Certificates;
using Portal.Application.Compose;
using Portal.Application.Inbox;
using Portal.Application.Mailboxes;
using Portal.Application.Protection;
using Portal.Application.Transport;
using Portal.Application.Trust;
using Portal.Smime.Cms;
using Portal.Smime.Mime;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>What foreign software sends, opened and judged; what goes back to it.</summary>
public sealed class ReceivingTests(PostgresClinic clinic) : IAsyncLifetime
{
    private readonly TestAuthority _authority = new($"Authority {Guid.NewGuid():N}");
    private readonly string _recipient = Path.GetTempFileName();

    private TestPortal Portal => clinic.Portal;

    public async ValueTask InitializeAsync()
    {
        Assert.IsType<TrustAdding.Added>(
            await Portal.Get<ForeignAuthorities>().AddAsync(clinic.Alice.Account, _authority.CertificateBytes, null, new TrustTerms(TrustPurpose.Both, RevocationRequired: false, []), CancellationToken.None));
        using var certificate = X509CertificateLoader.LoadCertificate(await Portal.EncryptionCertificateAsync(clinic.Alice));
        await File.WriteAllTextAsync(_recipient, certificate.ExportCertificatePem());
    }

    public ValueTask DisposeAsync()
    {
        _authority.Dispose();
        File.Delete(_recipient);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("-aes-256-cbc", "Enveloped AES-256-CBC")]
    [InlineData("-aes-256-gcm", "AuthEnveloped AES-256-GCM")]
    public async Task A_message_that_openssl_signed_and_encrypted_is_valid_and_encrypted(string cipher, string layer)
    {
        var carol = _authority.Issue($"carol.{Guid.NewGuid():N}@outside.test");
        var (message, subject) = await ReceiveAsync(carol.Address, await EncryptedAsync(await ForeignMail.SignAsync(ForeignMail.Text("Hello from openssl."), carol), cipher));

        Assert.Equal(MessageVerdict.SignedValid, message.Verdict.Verdict);
        Assert.True(message.Verdict.Encrypted);
        Assert.Equal(layer, message.Verdict.Layers[0]);
        Assert.Equal(subject, message.Subject);
        Assert.Contains("Hello from openssl.", await Portal.BodyAsync(clinic.Alice, message.Id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_byte_changed_is_not_valid()
    {
        var carol = _authority.Issue($"carol.{Guid.NewGuid():N}@outside.test");
        var signed = await ForeignMail.SignAsync(ForeignMail.Text("Pay 100."), carol);
        var altered = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(signed).Replace("Pay 100.", "Pay 900.", StringComparison.Ordinal));

        var (message, _) = await ReceiveAsync(carol.Address, altered);

        Assert.Equal(MessageVerdict.SignedInvalid, message.Verdict.Verdict);
        Assert.Equal(["DigestMismatch"], message.Verdict.Signers.Single().Reasons);
    }

    [Fact]
    public async Task A_signature_by_somebody_else_than_From_is_not_valid()
    {
        var mallory = _authority.Issue("mallory@outside.test");
        var (message, _) = await ReceiveAsync("carol@outside.test", await ForeignMail.SignAsync(ForeignMail.Text("I am Carol."), mallory));

        Assert.Equal(MessageVerdict.SignedUntrusted, message.Verdict.Verdict);
        Assert.Contains("AddressMismatch", message.Verdict.Signers.Single().Reasons);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_correspondent_who_signed_can_be_answered_encrypted_and_openssl_reads_it(bool onCurve)
    {
        var address = $"carol.{Guid.NewGuid():N}@outside.test";
        var carol = onCurve ? _authority.IssueOnCurve(address) : _authority.Issue(address);
        await ReceiveAsync(carol.Address, await ForeignMail.SignAsync(ForeignMail.Text("Here is my certificate."), carol));

        var subject = $"answer {Guid.NewGuid():N}";
        var content = Mail.To(carol.Address, subject, "The answer.");
        var preview = await Portal.Get<Sending>().PreviewAsync(clinic.Alice.Account, await Portal.WriteAsync(clinic.Alice, content), content, CancellationToken.None);
        Assert.Equal(RecipientHandling.EncryptedCompatible, preview!.Recipients.Single().Handling);
        await Portal.SendAsync(clinic.Alice, content);

        PickupMessage? picked = null;
        await Portal.WorkUntilAsync(() => Task.FromResult((picked = Portal.Get<Pickup>().List().FirstOrDefault(one => one.To == carol.Address)) is not null));
        Assert.Equal(HeaderConfidentiality.Obscured, picked!.Subject);
        await using var file = Portal.Get<Pickup>().Open(picked.Name)!;
        var decrypted = (await OpenSsl.RunAsync(await file.ReadAllAsync(), "cms", "-decrypt", "-recip", carol.CertificateFile, "-inkey", carol.KeyFile)).Demand();
        var verified = Encoding.UTF8.GetString((await OpenSsl.RunAsync(decrypted, "cms", "-verify", "-CAfile", await AuthorityFileAsync(), "-cades")).Demand());
        Assert.Contains("The answer.", verified, StringComparison.Ordinal);

        // Inside for readers that look there, and in front of the text for those that do not (RFC 9788).
        Assert.Contains($"\r\nSubject: {subject}\r\n", $"\r\n{verified}", StringComparison.Ordinal);
        Assert.Contains("hp=\"cipher\"", verified, StringComparison.Ordinal);
        Assert.Contains($"hp-legacy-display", verified, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_correspondents_software_announces_decides_and_is_on_record()
    {
        var carol = _authority.Issue($"carol.{Guid.NewGuid():N}@outside.test");
        await ReceiveAsync(carol.Address, await ForeignMail.SignAsync(ForeignMail.Text("openssl announces AES in CBC and no OAEP."), carol));

        var content = Mail.To(carol.Address, "By what?");
        var preview = await Portal.Get<Sending>().PreviewAsync(clinic.Alice.Account, await Portal.WriteAsync(clinic.Alice, content), content, CancellationToken.None);
        var sent = await Portal.SendAsync(clinic.Alice, content);

        var algorithms = preview!.Recipients.Single().Algorithms!;
        Assert.Equal(("AES-256-CBC", "RSA"), (algorithms.Cipher, algorithms.KeyManagement));
        Assert.Equal([nameof(Downgrade.NoAuthenticatedEncryption), nameof(Downgrade.NoOaep)], algorithms.Downgrades);
        var message = Assert.IsType<MessageOpening.Opened>(await Portal.Get<MessageReading>().OpenAsync(clinic.Alice.Account, sent, CancellationToken.None)).Message;
        Assert.Equal(algorithms.ToString(), message.Deliveries.Single().Protection);
    }

    [Fact]
    public async Task The_subject_inside_counts_and_what_stands_only_outside_does_not()
    {
        var carol = _authority.Issue($"carol.{Guid.NewGuid():N}@outside.test");
        var subject = $"Inside {Guid.NewGuid():N}";
        var now = TimeProvider.System.GetUtcNow();
        var entity = Encoding.UTF8.GetBytes(
            $"From: {carol.Address}\r\nTo: alice@example.test\r\nSubject: {subject}\r\nDate: {now:ddd, dd MMM yyyy HH:mm:ss} +0000\r\n"
            + "HP-Outer: Subject: [...]\r\nContent-Type: text/plain; charset=utf-8; hp=\"cipher\"; hp-legacy-display=\"1\"\r\n\r\n"
            + $"Subject: {subject}\r\n\r\nThe text.\r\n");
        var sealedEntity = await EncryptedAsync(await ForeignMail.SignAsync(entity, carol), "-aes-256-gcm");
        var raw = Encoding.UTF8.GetBytes($"From: {carol.Address}\r\nTo: alice@example.test\r\nSubject: Changed on the way\r\nReply-To: mallory@evil.test\r\n"
            + $"Date: {now:ddd, dd MMM yyyy HH:mm:ss} +0000\r\n");

        await Portal.ArriveAsync(clinic.Alice, [.. raw, .. sealedEntity]);
        var row = await Portal.ReceiveAsync(clinic.Alice, subject);
        var message = Assert.IsType<MessageOpening.Opened>(await Portal.Get<MessageReading>().OpenAsync(clinic.Alice.Account, row.Id, CancellationToken.None)).Message;

        Assert.Equal(MessageVerdict.SignedValid, message.Verdict.Verdict);
        Assert.Null(message.ReplyToWarning);
        Assert.Equal(["Subject"], message.Verdict.Header.Tampered);
        Assert.Equal("SignedAndEncrypted", message.Verdict.Header.Fields.Single(field => field.Name == "Subject").State);
        Assert.DoesNotContain("Subject:", await Portal.BodyAsync(clinic.Alice, row.Id), StringComparison.Ordinal);
        Assert.Equal("The text.", row.Preview);
        Assert.Equal(
            ["Structure", "Layer", "Key", "Content", "Layer", "Signature", "Certificate", "Address", "SigningTime", "Header", "Verdict"],
            message.Verdict.Steps.Select(step => step.Kind));
    }

    [Fact]
    public async Task Mail_that_cannot_be_opened_is_kept_with_its_verdict_and_the_next_one_arrives()
    {
        var stranger = _authority.Issue("stranger@outside.test");
        var subject = $"not for us {Guid.NewGuid():N}";
        var raw = ForeignMail.Message("carol@outside.test", "alice@example.test", subject, await ForeignMail.EncryptAsync(ForeignMail.Text("Secret."), stranger.CertificateFile));
        await Portal.ArriveAsync(clinic.Alice, raw);
        await Portal.ArriveAsync(clinic.Alice, Mail.Raw("\0\0no mail at all"));
        var next = $"next {Guid.NewGuid():N}";
        await Portal.ArriveAsync(clinic.Alice, Mail.Raw($"From: x@outside.test\nTo: alice@example.test\nSubject: {next}\n\nHello.\n"));

        await Portal.ReceiveAsync(clinic.Alice, next);
        var row = await Portal.ReceiveAsync(clinic.Alice, subject);
        Assert.Equal((MessageState.Broken, true), (row.State, row.Encrypted));
        var broken = Assert.IsType<MessageOpening.Broken>(await Portal.Get<MessageReading>().OpenAsync(clinic.Alice.Account, row.Id, CancellationToken.None));
        Assert.Equal("NoMatchingKey", broken.Verdict.Failure);
        Assert.Equal(raw, await Portal.SourceAsync(clinic.Alice, row.Id));
    }

    [Fact]
    public async Task While_the_key_store_is_away_mail_waits_and_is_opened_when_it_is_back()
    {
        using var files = new Database.SqliteFixture();
        await using var database = await files.NewAsync();
        await using var portal = await TestPortal.StartAsync(database);
        var organisation = await portal.FoundAsync("example.test");
        var alice = await portal.EnrolAsync(organisation, "alice@example.test");
        await portal.SendAsync(alice, Mail.To("alice@example.test", "to myself"));
        await portal.WorkUntilAsync(async () => (await portal.ListAsync(alice)).Count == 1);
        portal.KeyStores.IsUnplugged = true;
        var draft = await portal.WriteAsync(alice, Mail.To("alice@example.test", "unsent"));
        Assert.Equal(Compose.SendProblem.KeyUnavailable, Assert.IsType<Compose.SendOutcome.Refused>(await portal.SendAsync(alice, draft)).Problem);
        Assert.NotNull(await portal.Get<Compose.Drafts>().OpenAsync(alice.Account, draft, CancellationToken.None));
        Assert.IsType<Compose.SendOutcome.Waits>(await portal.Get<Compose.Scheduling>().SendAsync(alice.Account, draft, Compose.UnencryptableChoice.Ask, [], null, CancellationToken.None));
        await portal.WorkUntilAsync(async () => await portal.Get<MessageReading>().OpenAsync(alice.Account, (await portal.ListAsync(alice)).Single().Id, CancellationToken.None)
            is MessageOpening.Waiting { Reason: WaitReason.KeyStoreAway });

        portal.KeyStores.IsUnplugged = false;
        await using (var db = await portal.Database.WriteAsync(organisation, CancellationToken.None))
        {
            var now = await db.NowAsync(CancellationToken.None);
            await db.WorkItems
                .Where(one => one.Kind == Work.WorkKind.OpenArrival || one.Kind == Work.WorkKind.SendScheduled)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.DueAt, now));
            await db.CommitAsync(CancellationToken.None);
        }

        Assert.Equal(MessageVerdict.SignedValid, (await portal.ReceiveAsync(alice, "unsent")).Verdict);
        Assert.Equal(MessageVerdict.SignedValid, (await portal.ReceiveAsync(alice, "to myself")).Verdict);
    }

    private Task<byte[]> EncryptedAsync(byte[] entity, string cipher) => ForeignMail.EncryptAsync(entity, _recipient, cipher);

    private async Task<(MessageView Message, string Subject)> ReceiveAsync(string from, byte[] entity)
    {
        var subject = $"foreign {Guid.NewGuid():N}";
        await Portal.ArriveAsync(clinic.Alice, ForeignMail.Message(from, "alice@example.test", subject, entity));
        var row = await Portal.ReceiveAsync(clinic.Alice, subject);
        return (await Portal.OpenAsync(clinic.Alice, row.Id), subject);
    }

    private async Task<string> AuthorityFileAsync()
    {
        var file = Path.Combine(Portal.DataDirectory, $"{Guid.NewGuid():N}.pem");
        await using var db = await Portal.Database.ReadAsync(clinic.Organisation, CancellationToken.None);
        using var certificate = X509CertificateLoader.LoadCertificate(db.Certificates.Single(one => one.Kind == CertificateKind.RootAuthority).Encoded!);
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
        return file;
    }
}
