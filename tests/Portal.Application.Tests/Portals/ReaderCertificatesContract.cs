using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.Compose;
using Portal.Application.Organisations;
using Portal.Application.Protection;
using Portal.Application.SecureLinks;
using Portal.Application.Tests.Database;
using Portal.Application.Trust;
using Portal.Smime.Cms;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>A certificate of a reader's own: what is taken, what it changes, and who hears of it.</summary>
public abstract class ReaderCertificatesContract : DatabaseTest
{
    private const string Carol = "carol@outside.test";
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly TestAuthority _authority = new($"Authority {Guid.NewGuid():N}");
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private OutsideReaders _outside = null!;

    private ReaderCertificates Certificates => _portal.Get<ReaderCertificates>();

    private ForeignAuthorities Authorities => _portal.Get<ForeignAuthorities>();

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db, OutsideReaders.PublicAddress);
        _alice = await _portal.EnrolAsync(await _portal.FoundAsync("example.test"), "alice@example.test", Roles.User | Roles.Administrator);
        _outside = new OutsideReaders(_portal, _alice);
        await Authorities.AddAsync(_alice.Account, _authority.CertificateBytes, null, Terms, Never);
    }

    private protected override async ValueTask EndAsync()
    {
        _authority.Dispose();
        await (_portal?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task The_next_message_is_encrypted_for_it_until_it_is_withdrawn()
    {
        var carol = await CarolAsync();
        Assert.Empty((await Certificates.ReadAsync(carol, Never))!.Certificates);
        Assert.Equal(RecipientHandling.SecureLink, await HandlingAsync());
        var certificate = _authority.Issue(Carol).Certificate;
        Assert.Equal(HandedInCertificate.Kept, await Certificates.HandInAsync(carol, certificate.RawData, Never));
        Assert.Equal(HandedInCertificate.Kept, await Certificates.HandInAsync(carol, certificate.RawData, Never));

        var shown = Assert.Single((await Certificates.ReadAsync(carol, Never))!.Certificates);
        Assert.Equal(("carol", certificate.GetCertHashString(HashAlgorithmName.SHA256), true, true), (shown.Name, shown.Fingerprint, shown.IsUsed, shown.IsHandedIn));
        Assert.Equal(RecipientHandling.EncryptedCompatible, await HandlingAsync());
        await _portal.SendAsync(_alice, Mail.To(Carol, "The second"));
        await _portal.WorkOffAsync();
        var mail = await _outside.MailToAsync(Carol);
        Assert.Single(mail, one => one.Body!.ContentType.MimeType == "application/pkcs7-mime");
        var notice = Assert.Single(mail, one => one.Subject!.StartsWith("A certificate was handed in", StringComparison.Ordinal)).TextBody!;
        Assert.All((string[])[shown.Fingerprint, "alice@example.test", "https://mail.example.test/read/mailbox", "From now on"], one => Assert.Contains(one, notice, StringComparison.Ordinal));

        var longer = _authority.Issue(Carol, validUntil: TimeProvider.System.GetUtcNow().AddDays(10)).Certificate;
        Assert.Equal(HandedInCertificate.Kept, await Certificates.HandInAsync(carol, longer.RawData, Never));
        Assert.Equal(longer.GetCertHashString(HashAlgorithmName.SHA256), Assert.Single((await Certificates.ReadAsync(carol, Never))!.Certificates).Fingerprint);
        Assert.True(await Certificates.WithdrawAsync(carol, Never));
        Assert.Equal(RecipientHandling.SecureLink, await HandlingAsync());
        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        Assert.Equal((2, 2), (await CountAsync(db, AuditAction.ReaderCertificateHandedIn), await CountAsync(db, AuditAction.ReaderCertificateWithdrawn)));
    }

    [Fact]
    public async Task What_is_not_theirs_or_not_fit_is_refused_and_says_why()
    {
        var (carol, now) = (await CarolAsync(), TimeProvider.System.GetUtcNow());
        var fit = _authority.Issue(Carol);
        using var unknown = new TestAuthority("Unknown");
        var refused = new (HandedInCertificate Why, byte[] File)[]
        {
            (HandedInCertificate.TooLarge, new byte[ReaderCertificates.Largest + 1]),
            (HandedInCertificate.Unreadable, "Dear all"u8.ToArray()),
            (HandedInCertificate.Unreadable, []),
            (HandedInCertificate.Unreadable, fit.Certificate.RawData[..^1]),
            (HandedInCertificate.PrivateKey, await File.ReadAllBytesAsync(fit.KeyFile, Never)),
            (HandedInCertificate.PrivateKey, [.. await File.ReadAllBytesAsync(fit.CertificateFile, Never), .. await File.ReadAllBytesAsync(fit.KeyFile, Never)]),
            (HandedInCertificate.PrivateKey, Pkcs12(fit)),
            (HandedInCertificate.OtherAddress, _authority.Issue("dave@outside.test").Certificate.RawData),
            (HandedInCertificate.Expired, _authority.Issue(Carol, now.AddYears(-2), now.AddDays(-1)).Certificate.RawData),
            (HandedInCertificate.NotYetValid, _authority.Issue(Carol, now.AddDays(1)).Certificate.RawData),
            (HandedInCertificate.NotForEncryption, _authority.Issue(Carol, usages: X509KeyUsageFlags.DigitalSignature).Certificate.RawData),
            (HandedInCertificate.NotForEncryption, _authority.Issue(Carol, purpose: "1.3.6.1.5.5.7.3.1").Certificate.RawData),
            (HandedInCertificate.WeakKey, Weak()),
            (HandedInCertificate.NotTrusted, unknown.Issue(Carol).Certificate.RawData),
        };
        foreach (var (why, file) in refused)
        {
            Assert.Equal(why, await Certificates.HandInAsync(carol, file, Never));
        }

        Assert.Empty((await Certificates.ReadAsync(carol, Never))!.Certificates);
        Assert.Equal(RecipientHandling.SecureLink, await HandlingAsync());
        await _portal.WorkOffAsync();
        Assert.DoesNotContain(await _outside.MailToAsync(Carol), one => one.Subject!.StartsWith("A certificate", StringComparison.Ordinal));
        Assert.Equal(HandedInCertificate.Kept, await Certificates.HandInAsync(carol, await File.ReadAllBytesAsync(fit.CertificateFile, Never), Never));
    }

    [Fact]
    public async Task Under_an_authority_that_nobody_knows_it_waits_for_an_administrator()
    {
        var carol = await CarolAsync();
        using var unknown = new TestAuthority("Unknown");
        var file = CertsOnly.Write([unknown.Issue(Carol).Certificate, X509CertificateLoader.LoadCertificate(unknown.CertificateBytes)]);
        Assert.Equal(HandedInCertificate.Waiting, await Certificates.HandInAsync(carol, file, Never));
        Assert.Equal((CertificateSuitability.Untrusted, false), Standing(Assert.Single((await Certificates.ReadAsync(carol, Never))!.Certificates)));
        Assert.Equal(RecipientHandling.SecureLink, await HandlingAsync());
        var waiting = Assert.Single(await Authorities.ListAsync(_alice.Account, Never), one => one.Standing == AuthorityStanding.Waiting);
        Assert.Equal(("Unknown", "outside.test"), (waiting.Name, waiting.SenderDomain));

        await Authorities.DecideAsync(_alice.Account, waiting.Id, Terms, highest: false, Never);
        Assert.Equal(RecipientHandling.EncryptedCompatible, await HandlingAsync());
        await Authorities.DecideAsync(_alice.Account, waiting.Id, null, highest: false, Never);
        Assert.Equal(RecipientHandling.SecureLink, await HandlingAsync());
        await Certificates.WithdrawAsync(carol, Never);
        Assert.Equal(HandedInCertificate.NotTrusted, await Certificates.HandInAsync(carol, file, Never));
    }

    [Fact]
    public async Task What_is_better_known_goes_before_it_and_is_not_theirs_to_withdraw()
    {
        var carol = await CarolAsync();
        var (known, longer) = (_authority.Issue(Carol), _authority.Issue(Carol, validUntil: TimeProvider.System.GetUtcNow().AddYears(2)));
        Assert.Equal(ContactUpload.Kept, await _portal.Get<Contacts>().UploadAsync(_alice.Account, Carol, known.Certificate.RawData, Never));
        Assert.Equal(HandedInCertificate.Kept, await Certificates.HandInAsync(carol, longer.Certificate.RawData, Never));
        Assert.Equal([(true, false), (false, true)], (await Certificates.ReadAsync(carol, Never))!.Certificates.Select(one => (one.IsUsed, one.IsHandedIn)));
        await Certificates.WithdrawAsync(carol, Never);
        Assert.False(Assert.Single((await Certificates.ReadAsync(carol, Never))!.Certificates).IsHandedIn);

        // What somebody here says, or signed mail shows, makes of what was handed in what is known.
        await Certificates.HandInAsync(carol, longer.Certificate.RawData, Never);
        Assert.Equal(ContactUpload.Kept, await _portal.Get<Contacts>().UploadAsync(_alice.Account, Carol, longer.Certificate.RawData, Never));
        await Certificates.WithdrawAsync(carol, Never);
        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        Assert.Equal(2, await db.Certificates.CountAsync(one => one.Kind == CertificateKind.Correspondent && one.Source == CertificateSource.Upload, Never));
    }

    [Fact]
    public async Task Where_all_outside_read_by_links_there_is_nothing_to_hand_in()
    {
        var carol = await CarolAsync();
        var policies = _portal.Get<OrganisationPolicies>();
        await policies.ChangeAsync(_alice.Account, await policies.ReadAsync(_alice.Account.Organisation, Never) with { Outsiders = OutsiderDelivery.Link }, Never);
        Assert.False((await Certificates.ReadAsync(carol, Never))!.CountHere);
        Assert.Equal(HandedInCertificate.NotHere, await Certificates.HandInAsync(carol, _authority.Issue(Carol).Certificate.RawData, Never));
    }

    private static TrustTerms Terms => new(TrustPurpose.Both, RevocationRequired: false, []);

    private static (CertificateSuitability Suitability, bool IsUsed) Standing(ReaderCertificateView one) => (one.Suitability, one.IsUsed);

    private static Task<int> CountAsync(PortalDbContext db, AuditAction action) => db.AuditEntries.CountAsync(one => one.Action == action, Never);

    private async Task<SignedInReader> CarolAsync() => (await _outside.ProveAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings")), Carol)).Reader;

    private async Task<RecipientHandling> HandlingAsync() =>
        Assert.Single((await _portal.Get<Sending>().PreviewAsync(_alice.Account, _alice.Mailbox, Mail.To(Carol, "to her"), Never))!.Recipients).Handling;

    private static byte[] Pkcs12(TestHolder holder)
    {
        using var key = RSA.Create();
        key.ImportFromPem(File.ReadAllText(holder.KeyFile));
        using var pair = holder.Certificate.CopyWithPrivateKey(key);
        return pair.Export(X509ContentType.Pkcs12, "secret");
    }

    private static byte[] Weak()
    {
        using var key = RSA.Create(1024);
        var request = new CertificateRequest("CN=carol", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress(Carol);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        return certificate.RawData;
    }
}

public sealed class PostgresReaderCertificatesTests(PostgresFixture postgres) : ReaderCertificatesContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteReaderCertificatesTests(SqliteFixture sqlite) : ReaderCertificatesContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
