using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.Compose;
using Portal.Application.Inbox;
using Portal.Application.KeyBroker;
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

        Assert.IsType<CertificateStanding.Done>(await _portal.Get<CertificateRevocation>().RevokeAsync(_alice.Account, certificate.Id, RevocationCause.Superseded, Never));
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

    [Fact]
    public async Task A_responder_says_what_is_good_and_what_was_revoked_and_nothing_of_what_nobody_issued()
    {
        var (issuer, certificate) = await SigningPairAsync();
        var asked = OcspCertificateId.Of(certificate, issuer.Certificate);

        Assert.IsType<OcspCertificateStatus.Good>(await StatusAsync(issuer.Id, asked));
        Assert.Equal(OcspResponseStatus.Unauthorized, await RefusalAsync(issuer.Id, asked with { SerialNumber = new byte[] { 0x42, 1, 2, 3, 4, 5, 6, 7, 8 } }));
        Assert.Equal(OcspResponseStatus.Unauthorized, await RefusalAsync(issuer.Id, asked with { IssuerKeyHash = new byte[32] }));
        Assert.Equal(OcspResponseStatus.Unauthorized, await RefusalAsync(CertificateId.New(), asked));
        Assert.Equal(OcspResponseStatus.MalformedRequest, await RefusalAsync(issuer.Id, asked, asked));

        await using (var db = await Db.Database.ReadAsync(_organisation, Never))
        {
            var id = await db.Certificates.Where(one => one.SerialNumber == certificate.SerialNumber).Select(one => one.Id).SingleAsync();
            Assert.IsType<CertificateStanding.Done>(await _portal.Get<CertificateRevocation>().RevokeAsync(_alice.Account, id, RevocationCause.Superseded, Never));
        }

        // Another node, or this one minutes later.
        await using var later = await _portal.AnotherNodeAsync();
        var answer = await later.Get<OcspAnswers>().AskAsync(issuer.Id, new OcspRequest([asked], null).Encode(), Never);
        Assert.Equal(CrlReason.Superseded, Assert.IsType<OcspCertificateStatus.Revoked>(Read(answer).Responses[0].Status).Reason);
    }

    [Fact]
    public async Task What_is_suspended_signs_nothing_and_is_good_again_when_it_is_resumed()
    {
        var (issuer, certificate) = await SigningPairAsync();
        CertificateId id;
        await using (var db = await Db.Database.ReadAsync(_organisation, Never))
        {
            id = await db.Certificates.Where(one => one.SerialNumber == certificate.SerialNumber).Select(one => one.Id).SingleAsync();
        }

        var (revocation, lists) = (_portal.Get<CertificateRevocation>(), _portal.Get<RevocationLists>());
        Assert.IsType<CertificateStanding.NotPossible>(await revocation.ResumeAsync(_alice.Account, id, Never));
        Assert.IsType<CertificateStanding.Done>(await revocation.SuspendAsync(_alice.Account, id, Never));
        Assert.IsType<CertificateStanding.NotPossible>(await revocation.SuspendAsync(_alice.Account, id, Never));
        await lists.PublishAsync(_organisation, Never);
        Assert.Equal(CrlReason.CertificateHold, (await ListedAsync(issuer.Id, certificate))?.Reason);
        var draft = await _portal.WriteAsync(_alice, Mail.To("alice@example.test", "held"));
        Assert.IsType<SendOutcome.Refused>(await _portal.SendAsync(_alice, draft));
        Assert.True(await IsKeyStoppedAsync(id));

        Assert.IsType<CertificateStanding.Done>(await revocation.ResumeAsync(_alice.Account, id, Never));
        Assert.False(await IsKeyStoppedAsync(id));
        await lists.PublishAsync(_organisation, Never);
        Assert.Null(await ListedAsync(issuer.Id, certificate));
        Assert.IsType<SendOutcome.Accepted>(await _portal.SendAsync(_alice, draft));

        Assert.IsType<CertificateStanding.Done>(await revocation.SuspendAsync(_alice.Account, id, Never));
        Assert.IsType<CertificateStanding.Done>(await revocation.RevokeAsync(_alice.Account, id, RevocationCause.KeyCompromise, Never));
        Assert.IsType<CertificateStanding.NotPossible>(await revocation.ResumeAsync(_alice.Account, id, Never));
    }

    private async Task<bool> IsKeyStoppedAsync(CertificateId id)
    {
        await using var db = await Db.Database.ReadAsync(_organisation, Never);
        return await db.ManagedKeys.AnyAsync(key => key.DisabledAt != null && db.Certificates.Any(one => one.Id == id && one.KeyId == key.Id));
    }

    private async Task<RevokedCertificate?> ListedAsync(CertificateId authority, X509Certificate2 certificate)
    {
        Assert.True(RevocationList.TryParse((await _portal.Get<PublishedFiles>().RevocationListAsync(authority, 0, Never))!.Content, out var list));
        return list.Find(certificate.SerialNumberBytes.Span);
    }

    [Fact]
    public async Task Path_validation_accepts_the_answer_and_a_thousand_of_them_are_one_use_on_record()
    {
        var (issuer, certificate) = await SigningPairAsync();
        var request = new OcspRequest([OcspCertificateId.Of(certificate, issuer.Certificate)], null).Encode();
        var answer = await _portal.Get<OcspAnswers>().AskAsync(issuer.Id, request, Never);
        for (var count = 0; count < 1000; count++)
        {
            Assert.Same(answer.Content, (await _portal.Get<OcspAnswers>().AskAsync(issuer.Id, request, Never)).Content);
        }

        using var root = X509CertificateLoader.LoadCertificate(await EncodedAsync(CertificateKind.RootAuthority));
        Assert.True(RevocationList.TryParse((await _portal.Get<PublishedFiles>().RevocationListAsync((await RootAsync()).Id, 0, Never))!.Content, out var rootList));
        var trust = new TrustStore([new TrustAnchor(root, RevocationPolicy.Required)], [issuer.Certificate], [rootList]) { OcspResponses = [Read(answer)] };
        Assert.IsType<PathValidation.Valid>(PathValidator.Validate(certificate, trust, [], TimeProvider.System.GetUtcNow()));
        await using var db = await Db.Database.ReadAsync(_organisation, Never);
        Assert.Equal(1, await db.AuditEntries.CountAsync(one => one.Actor == "portal:ocsp" && one.Action == AuditAction.KeyUseRequested));
    }

    [Fact]
    public async Task A_disabled_responder_says_nothing()
    {
        var (issuer, certificate) = await SigningPairAsync();
        await using (var db = await Db.Database.ReadAsync(_organisation, Never))
        {
            foreach (var key in await db.ManagedKeys.Where(one => one.Purpose == KeyPurpose.AnswerForAuthority).Select(one => one.Id).ToListAsync())
            {
                await _portal.Get<KeyManagement.KeySwitching>().DisableAsync(_alice.Account, key, Never);
            }
        }

        Assert.Equal(OcspResponseStatus.TryLater, await RefusalAsync(issuer.Id, OcspCertificateId.Of(certificate, issuer.Certificate)));
    }

    private static OcspResponse Read(OcspAnswer answer)
    {
        Assert.True(OcspResponse.TryParse(answer.Content, out var response));
        return response;
    }

    private async Task<OcspCertificateStatus> StatusAsync(CertificateId authority, OcspCertificateId asked) =>
        Read(await _portal.Get<OcspAnswers>().AskAsync(authority, new OcspRequest([asked], null).Encode(), Never)).Responses[0].Status;

    // OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED }
    private async Task<OcspResponseStatus> RefusalAsync(CertificateId authority, params OcspCertificateId[] asked)
    {
        var answer = await _portal.Get<OcspAnswers>().AskAsync(authority, new OcspRequest(asked, null).Encode(), Never);
        Assert.Null(answer.ProducedAt);
        Assert.Equal(5, answer.Content.Length);
        return (OcspResponseStatus)answer.Content[4];
    }

    private async Task<(Authority Issuer, X509Certificate2 Certificate)> SigningPairAsync()
    {
        await using var db = await Db.Database.ReadAsync(_organisation, Never);
        var certificate = await db.Certificates.SingleAsync(one => one.Kind == CertificateKind.Signing);
        return (await _portal.Get<CertificateChains>().NewestAsync(_organisation, CertificateKind.IssuingAuthority, Never), X509CertificateLoader.LoadCertificate(certificate.Encoded!));
    }

    private async Task<Authority> RootAsync() => await _portal.Get<CertificateChains>().NewestAsync(_organisation, CertificateKind.RootAuthority, Never);

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
