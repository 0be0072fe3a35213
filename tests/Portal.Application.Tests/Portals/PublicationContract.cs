using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Certificates;
using Portal.Application.Compose;
using Portal.Application.Inbox;
using Portal.Application.Tests.Database;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Application.Tests.Portals;

/// <summary>What authorities publish, and where their certificates say it is.</summary>
public abstract class PublicationContract : DatabaseTest
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private TestPortal _portal = null!;
    private OrganisationId _organisation;
    private SignedInPerson _alice = null!;

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db, ("Portal:PublicAddress", "https://mail.example.org"));
        _organisation = await _portal.FoundAsync("example.test");
        _alice = await _portal.EnrolAsync(_organisation, "alice@example.test", Roles.User | Roles.Administrator);
    }

    private protected override async ValueTask EndAsync() => await (_portal?.DisposeAsync() ?? ValueTask.CompletedTask);

    [Fact]
    public async Task A_root_certifies_an_issuing_authority_and_that_certifies_people()
    {
        await using var db = await Db.Database.ReadAsync(_organisation, Never);
        var all = await db.Certificates.OrderBy(one => one.CreatedAt).ToListAsync();

        var (root, issuing) = (all.Single(one => one.Kind == CertificateKind.RootAuthority), all.Single(one => one.Kind == CertificateKind.IssuingAuthority));
        Assert.Null(root.IssuerId);
        Assert.Equal(root.Id, issuing.IssuerId);
        Assert.All(all.Where(one => one.OwnerId is not null), one => Assert.Equal((issuing.Id, 0), (one.IssuerId!.Value, one.Partition!.Value)));
        Assert.All(all, one => Assert.Equal(CertificateState.Issued, one.State));
    }

    [Fact]
    public async Task Its_certificates_name_addresses_that_lead_to_what_it_publishes()
    {
        await using var db = await Db.Database.ReadAsync(_organisation, Never);
        var certificate = await db.Certificates.FirstAsync(one => one.OwnerId != null);
        using var encoded = X509CertificateLoader.LoadCertificate(certificate.Encoded!);
        var access = Assert.Single(encoded.Extensions.OfType<X509AuthorityInformationAccessExtension>());

        Assert.Equal([$"http://mail.example.org/pki/{certificate.IssuerId}.cer"], access.EnumerateCAIssuersUris());
        Assert.Equal([$"http://mail.example.org/pki/{certificate.IssuerId}/ocsp"], access.EnumerateOcspUris());
        var files = _portal.Get<PublishedFiles>();
        using var issuer = X509CertificateLoader.LoadCertificate((await files.CertificateAsync(certificate.IssuerId!.Value, Never))!.Content);
        Assert.Equal(encoded.Issuer, issuer.Subject);
        Assert.True(RevocationList.TryParse((await files.RevocationListAsync(certificate.IssuerId.Value, 0, Never))!.Content, out var list));
        Assert.Equal(issuer.SubjectName.RawData, list.Issuer.ToArray());
        Assert.Null(await files.RevocationListAsync(certificate.IssuerId.Value, 1, Never));
        Assert.Null(await files.CertificateAsync(certificate.Id, Never));
        Assert.Null(await files.CertificateAsync(CertificateId.New(), Never));
    }

    [Fact]
    public async Task What_is_revoked_is_on_the_next_list_and_nothing_is_signed_for_nothing()
    {
        var lists = _portal.Get<RevocationLists>();
        await lists.PublishAsync(_organisation, Never);
        var before = await NumbersAsync();
        Certificate certificate;
        await using (var db = await Db.Database.ReadAsync(_organisation, Never))
        {
            certificate = await db.Certificates.FirstAsync(one => one.Kind == CertificateKind.Signing);
        }

        Assert.True(await _portal.Get<CertificateRevocation>().SupersedeAsync(_alice.Account, certificate.Id, Never));
        await lists.PublishAsync(_organisation, Never);

        var after = await NumbersAsync();
        Assert.Equal(before[certificate.IssuerId!.Value] + 1, after[certificate.IssuerId.Value]);
        Assert.Equal(before.Where(one => one.Key != certificate.IssuerId), after.Where(one => one.Key != certificate.IssuerId));
        Assert.True(RevocationList.TryParse((await _portal.Get<PublishedFiles>().RevocationListAsync(certificate.IssuerId.Value, 0, Never))!.Content, out var list));
        Assert.Equal(CrlReason.Superseded, list.Find(Convert.FromHexString(certificate.SerialNumber))!.Reason);
    }

    [Fact]
    public async Task A_signed_message_brings_what_stands_between_its_signer_and_the_root()
    {
        await _portal.AllowAsync(_organisation, signedOnly: true, unprotected: false);
        var sent = await _portal.SendAsync(_alice, Mail.To("stranger@outside.test", "signed only"), UnencryptableChoice.SendSignedOnly);
        using var root = X509CertificateLoader.LoadCertificate(await EncodedAsync(CertificateKind.RootAuthority));
        var context = new OpeningContext(
            new TrustStore([new TrustAnchor(root, RevocationPolicy.NotPublished)], [], []), NoKeys.Instance, TimeProvider.System.GetUtcNow());

        await using var opened = await MessageOpener.OpenAsync(new MemoryStream(await _portal.SourceAsync(_alice, sent)), context, Never);

        Assert.Equal(Verdict.SignedValid, opened.Summary.Verdict);
    }

    private async Task<byte[]> EncodedAsync(CertificateKind kind)
    {
        await using var db = await Db.Database.ReadAsync(_organisation, Never);
        return (await db.Certificates.SingleAsync(one => one.Kind == kind)).Encoded!;
    }

    private async Task<Dictionary<CertificateId, long>> NumbersAsync()
    {
        await using var db = await Db.Database.ReadAsync(_organisation, Never);
        return await db.RevocationLists.GroupBy(one => one.AuthorityId).Select(group => new { group.Key, Number = group.Max(one => one.Number) }).ToDictionaryAsync(one => one.Key, one => one.Number);
    }
}

public sealed class PostgresPublicationTests(PostgresFixture postgres) : PublicationContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqlitePublicationTests(SqliteFixture sqlite) : PublicationContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
