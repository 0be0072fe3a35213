using Microsoft.EntityFrameworkCore;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using Portal.Application.Audit;
using Portal.Application.Compose;
using Portal.Application.Domains;
using Portal.Application.KeyBroker;
using Portal.Application.Tests.Database;
using Portal.Application.Transport;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>Mail that is signed in the name of its domain, through the real Postfix, judged by foreign software.</summary>
public sealed class DomainSigningTests(PostgresFixture server) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly DnsResponder _dns = new();
    private readonly string _outside = $"sign.{Guid.NewGuid():N}@outside.test";
    private TestDatabase _database = null!;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private Organisations.OrganisationDomainId _domain;

    private DomainSigning Signing => _portal.Get<DomainSigning>();

    private Actor Admin => _alice.Account;

    public async ValueTask InitializeAsync()
    {
        await MailServers.AddUsersAsync(_outside);
        _database = await server.NewAsync();
        _portal = await TestPortal.StartAsync(
            _database,
            ("Portal:Domains:Servers", _dns.Address),
            ("Portal:Transport:Kind", "Smtp"),
            ("Portal:Transport:RelayHost", "127.0.0.1"),
            ("Portal:Transport:RelayPort", $"{TestServers.SmtpPort}"),
            ("Portal:Transport:RelayTls", nameof(TlsMode.None)));
        _alice = await _portal.EnrolAsync(await _portal.FoundAsync("example.test"), "alice@example.test", Roles.User | Roles.Administrator);
        await _portal.AllowAsync(_alice.Account.Organisation, signedOnly: true, unprotected: true);
        _domain = (await _portal.Get<OrganisationDomains>().ListAsync(Admin, Never)).Single().Id;
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _database.DisposeAsync();
        await _dns.DisposeAsync();
    }

    [Fact]
    public async Task A_key_signs_once_its_record_is_published_and_foreign_software_agrees()
    {
        Assert.IsType<SigningStart.NothingWaits>(await Signing.StartAsync(Admin, _domain, Never));
        Assert.Equal(SigningPreparation.Waits, await Signing.PrepareAsync(Admin, _domain, Never));
        Assert.Equal(SigningPreparation.Waits, await Signing.PrepareAsync(Admin, _domain, Never));
        var key = Assert.Single(await Signing.ListAsync(Admin, _domain, Never));
        Assert.Equal($"{key.Selector}._domainkey.example.test", key.RecordName);
        Assert.IsType<SigningStart.NoRecord>(await Signing.StartAsync(Admin, _domain, Never));
        _dns.Names[key.RecordName] = new DnsBehaviour.Texts("v=DKIM1; k=rsa; p=AAAA");
        Assert.IsType<SigningStart.OtherValue>(await Signing.StartAsync(Admin, _domain, Never));
        Assert.Null((await ReceivedAsync("before")).Headers[HeaderId.DkimSignature]);

        _dns.Names[key.RecordName] = new DnsBehaviour.Texts(key.RecordValue.Replace("k=rsa; ", "k=rsa;  ", StringComparison.Ordinal));
        Assert.IsType<SigningStart.Started>(await Signing.StartAsync(Admin, _domain, Never));
        var received = await ReceivedAsync("signed");
        var verifier = new DkimVerifier(new Published(key));
        var field = Field(received);
        Assert.True(await verifier.VerifyAsync(received, field, Never));
        foreach (var change in (Action<MimeMessage>[])[message => message.Subject += ".", message => message.From.Add(MailboxAddress.Parse("eve@example.test")), message => ((TextPart)((Multipart)message.Body!)[0]).Text += "."])
        {
            var changed = await ReloadedAsync(received);
            change(changed);
            Assert.False(await verifier.VerifyAsync(changed, Field(changed), Never));
        }

        await using var db = await _portal.Database.ReadAsync(_alice.Account.Organisation, Never);
        var uses = await db.AuditEntries.Where(one => one.Detail.Contains(nameof(KeyPurpose.SignForDomain))).Select(one => one.Action).ToListAsync();
        Assert.Equal([AuditAction.KeyCreated, AuditAction.KeyUseRequested, AuditAction.KeyUsed], uses.Order());
    }

    [Fact]
    public async Task After_a_new_key_and_after_stopping_the_old_record_is_asked_to_stay()
    {
        var first = await StartedAsync();
        var second = await StartedAsync();
        var keys = await Signing.ListAsync(Admin, _domain, Never);
        Assert.Equal([(second.Selector, DomainKeyState.Signing), (first.Selector, DomainKeyState.Retired)], keys.Select(key => (key.Selector, key.State)));
        Assert.True(keys[1].KeepUntil > TimeProvider.System.GetUtcNow().AddDays(6));
        Assert.Contains($"s={second.Selector};", (await ReceivedAsync("rotated")).Headers[HeaderId.DkimSignature], StringComparison.Ordinal);

        await Signing.StopAsync(Admin, _domain, Never);
        Assert.Null((await ReceivedAsync("stopped")).Headers[HeaderId.DkimSignature]);
    }

    private async Task<DomainKeyView> StartedAsync()
    {
        await Signing.PrepareAsync(Admin, _domain, Never);
        var key = (await Signing.ListAsync(Admin, _domain, Never)).Single(one => one.State == DomainKeyState.Waiting);
        _dns.Names[key.RecordName] = new DnsBehaviour.Texts(key.RecordValue);
        Assert.IsType<SigningStart.Started>(await Signing.StartAsync(Admin, _domain, Never));
        return key;
    }

    private async Task<MimeMessage> ReceivedAsync(string subject)
    {
        await _portal.SendAsync(_alice, Mail.To(_outside, subject, "Dots and  blanks:\n.\n..  \n\n"), UnencryptableChoice.SendSignedOnly);
        await _portal.WorkUntilAsync(async () =>
        {
            await using var db = await _portal.Database.ReadAsync(_alice.Account.Organisation, Never);
            return await db.Deliveries.AllAsync(one => one.State == Outbox.DeliveryState.Sent);
        });
        using var raw = new MemoryStream(await MailServers.ReadAsync(_outside, subject));
        return await MimeMessage.LoadAsync(raw);
    }

    private static Header Field(MimeMessage message) => message.Headers.Single(field => field.Id == HeaderId.DkimSignature);

    private static async Task<MimeMessage> ReloadedAsync(MimeMessage message)
    {
        using var raw = new MemoryStream();
        await message.WriteToAsync(raw);
        raw.Position = 0;
        return await MimeMessage.LoadAsync(raw);
    }

    private sealed class Published(DomainKeyView key) : DkimPublicKeyLocatorBase
    {
        public override AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector, CancellationToken cancellationToken = default)
        {
            Assert.Equal(key.RecordName, $"{selector}._domainkey.{domain}");
            return PublicKeyFactory.CreateKey(Convert.FromBase64String(key.RecordValue[(key.RecordValue.IndexOf("p=", StringComparison.Ordinal) + 2)..]));
        }

        public override Task<AsymmetricKeyParameter> LocatePublicKeyAsync(string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
            Task.FromResult(LocatePublicKey(methods, domain, selector, cancellationToken));
    }
}
