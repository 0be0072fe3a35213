using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MimeKit;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.KeyBroker;
using Portal.Application.KeyManagement;
using Portal.Application.Tests.Database;
using Portal.Application.Transport;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>What the portal itself writes is signed where there is a pair for it whose authority everybody knows.</summary>
public abstract class NoticeSigningContract : DatabaseTest
{
    private const string Carol = "carol@outside.test";
    private const string NoReply = "no-reply@example.test";
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly TestAuthority _known = new("Everybody's authority");
    private readonly TestAuthority _unknown = new("Nobody's authority");
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private OutsideReaders _outside = null!;

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db, OutsideReaders.PublicAddress, ("Portal:Certificates:PublicAuthorities", _known.CertificateFile));
        _alice = await _portal.EnrolAsync(await _portal.FoundAsync("example.test"), "alice@example.test", Roles.User | Roles.Administrator);
        _outside = new OutsideReaders(_portal, _alice);
    }

    private protected override async ValueTask EndAsync()
    {
        _known.Dispose();
        _unknown.Dispose();
        await (_portal?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task A_file_of_public_authorities_that_holds_none_is_told_at_the_start()
    {
        var file = Path.Combine(_portal.DataDirectory, "authorities.pem");
        await File.WriteAllTextAsync(file, "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n", Never);
        foreach (var wrong in (string[])[file, _portal.DataDirectory, "/no/such/file"])
        {
            await using var node = await _portal.AnotherNodeAsync(OutsideReaders.PublicAddress, ("Portal:Certificates:PublicAuthorities", wrong));
            Assert.Throws<OptionsValidationException>(() => node.Get<IOptions<PublicationOptions>>().Value);
        }
    }

    [Fact]
    public async Task Notices_and_codes_are_signed_and_others_can_verify_it()
    {
        Assert.Equal([NoReply], await _portal.Get<NoticeCertificates>().AddressesAsync(_alice.Account, Never));
        Assert.Equal(ImportedState.Imported, await ImportAsync(_known.Issue(NoReply)));

        var sent = await _portal.SendAsync(_alice, Mail.To(Carol, "The findings"));
        await _outside.ProveAsync(sent, Carol);

        var mail = await FilesAsync(Carol);
        Assert.Equal(2, mail.Count);
        foreach (var file in mail)
        {
            var message = await LoadAsync(file);
            Assert.Equal("multipart/signed", message.Body!.ContentType.MimeType);
            Assert.Equal((NoReply, "auto-generated"), (message.From.Mailboxes.Single().Address, message.Headers["Auto-Submitted"]));
            var content = (await OpenSsl.RunAsync(file, "cms", "-verify", "-CAfile", _known.CertificateFile, "-purpose", "smimesign")).Demand();
            var signed = await LoadAsync(content);
            Assert.Equal(message.TextBody, signed.TextBody);
            Assert.Equal((message.Subject, message.From.ToString(), "en"), (signed.Subject, signed.From.ToString(), signed.Body!.Headers[HeaderId.ContentLanguage]));
        }

        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        var key = await db.ManagedKeys.SingleAsync(one => one.Purpose == KeyPurpose.SignNotice);
        Assert.Equal(2, await db.AuditEntries.CountAsync(one => one.Action == AuditAction.KeyUsed && one.Subject == key.Id.Value));
    }

    [Fact]
    public async Task The_newest_signs_until_it_is_disabled()
    {
        var (first, second) = (_known.Issue(NoReply), _known.Issue(NoReply));
        Assert.Equal(ImportedState.Imported, await ImportAsync(first));
        Assert.Equal(ImportedState.AlreadyThere, await ImportAsync(first));
        Assert.Equal(ImportedState.Imported, await ImportAsync(second));
        Assert.Contains(second.Certificate.SerialNumber, await SignersAsync("One"), StringComparison.OrdinalIgnoreCase);

        await using (var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never))
        {
            var keys = await db.ManagedKeys.Where(one => one.Purpose == KeyPurpose.SignNotice).OrderBy(one => one.CreatedAt).ToListAsync();
            Assert.Equal([true, false], keys.Select(one => one.ReplacedAt is not null));
            await _portal.Get<KeySwitching>().DisableAsync(_alice.Account, keys[1].Id, Never);
        }

        await _portal.SendAsync(_alice, Mail.To(Carol, "Two"));
        await _portal.WorkUntilAsync(async () => (await FilesAsync(Carol)).Count == 2);
        Assert.Equal("text/plain", (await LoadAsync((await FilesAsync(Carol))[^1])).Body!.ContentType.MimeType);
    }

    [Fact]
    public async Task What_would_make_notices_look_worse_is_refused()
    {
        var now = TimeProvider.System.GetUtcNow();
        Assert.Equal(ImportedState.NotPublic, await ImportAsync(_unknown.Issue(NoReply)));
        Assert.Equal(ImportedState.NoNoticeAddress, await ImportAsync(_known.Issue("alice@example.test")));
        Assert.Equal(ImportedState.NoNoticeAddress, await ImportAsync(_known.Issue("no-reply@other.test")));
        Assert.Equal(ImportedState.NotValidNow, await ImportAsync(_known.Issue(NoReply, validUntil: now.AddDays(-1))));
        Assert.Equal(ImportedState.OpensOnly, await ImportAsync(_known.Issue(NoReply, usages: X509KeyUsageFlags.KeyEncipherment)));
        Assert.Equal(ImportedState.NotPublic, await ImportAsync(_known.Issue(NoReply, purpose: "1.3.6.1.5.5.7.3.1")));
        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        Assert.False(await db.ManagedKeys.AnyAsync(one => one.Purpose == KeyPurpose.SignNotice));

        var bob = await _portal.EnrolAsync(_alice.Account.Organisation, "bob@example.test");
        await Assert.ThrowsAsync<UnauthorizedAccessException>(async () => await _portal.Get<NoticeCertificates>().ImportAsync(bob.Account, [await _known.Issue(NoReply).Pkcs12Async()], "secret", Never));
    }

    /// <summary>What openssl says of who signed the newest notice.</summary>
    private async Task<string> SignersAsync(string subject)
    {
        var before = (await FilesAsync(Carol)).Count;
        await _portal.SendAsync(_alice, Mail.To(Carol, subject));
        await _portal.WorkUntilAsync(async () => (await FilesAsync(Carol)).Count > before);
        return System.Text.Encoding.UTF8.GetString((await OpenSsl.RunAsync((await FilesAsync(Carol))[^1], "cms", "-cmsout", "-print", "-noout", "-inform", "SMIME")).Demand());
    }

    private async Task<List<byte[]>> FilesAsync(string reader)
    {
        var files = new List<byte[]>();
        foreach (var file in _portal.Get<Pickup>().List().Reverse())
        {
            await using var content = _portal.Get<Pickup>().Open(file.Name)!;
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes);
            if ((await LoadAsync(bytes.ToArray())).To.ToString() == reader)
            {
                files.Add(bytes.ToArray());
            }
        }

        return files;
    }

    private static Task<MimeMessage> LoadAsync(byte[] file) => MimeMessage.LoadAsync(new MemoryStream(file));

    private async Task<ImportedState> ImportAsync(TestHolder holder) => Assert.IsType<PairImport.Done>(
        await _portal.Get<NoticeCertificates>().ImportAsync(_alice.Account, [await holder.Pkcs12Async()], "secret", Never)).Pairs.Single().State;
}

public sealed class PostgresNoticeSigningTests(PostgresFixture postgres) : NoticeSigningContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteNoticeSigningTests(SqliteFixture sqlite) : NoticeSigningContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
