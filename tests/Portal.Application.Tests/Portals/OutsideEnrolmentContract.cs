using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Certificates;
using Portal.Application.Compose;
using Portal.Application.KeyManagement;
using Portal.Application.Mailboxes;
using Portal.Application.Tests.Database;
using Portal.Application.Trust;
using Portal.Smime.Pkix;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>People's certificates of an authority elsewhere, asked for by files; and certificates of our own for keys that people have elsewhere.</summary>
public abstract class OutsideEnrolmentContract : DatabaseTest
{
    private const string Signs = "keyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection\n";
    private const string Opens = "keyUsage=critical,keyEncipherment\nextendedKeyUsage=emailProtection\n";
    private static readonly CancellationToken Never = CancellationToken.None;
    private OutsideRoot _root = null!;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private SignedInPerson _bob = null!;

    private protected override async Task PrepareAsync()
    {
        _root = await OutsideRoot.MakeAsync();
        _portal = await TestPortal.StartAsync(Db);
        var organisation = await _portal.FoundAsync("example.test");
        _alice = await _portal.EnrolAsync(organisation, "alice@example.test", Roles.User | Roles.Administrator);
        _bob = await _portal.EnrolAsync(organisation, "bob@example.test");
    }

    private protected override ValueTask EndAsync()
    {
        _root?.Dispose();
        return _portal?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private OutsideEnrolment Outside => _portal.Get<OutsideEnrolment>();

    [Fact]
    public async Task Another_authority_s_certificates_take_over_when_its_answer_is_here_and_old_mail_still_opens()
    {
        await TrustAsync();
        await ExchangeAsync("before", _alice, _bob);
        Assert.IsType<PersonIssuing.Done>(await Outside.RequestAsync(_alice.Account, " Bob@example.test", Never));
        var requests = await Outside.ListAsync(_alice.Account, Never);
        Assert.Equal([CertificateKind.Signing, CertificateKind.Encryption], requests.Select(one => one.Kind));
        Assert.Equal(("bob@example.test", "Person bob"), (requests[0].Address, requests[0].Holder));
        await ExchangeAsync("while it waits", _alice, _bob);
        var answer = new StringBuilder(_root.Pem);
        foreach (var request in requests)
        {
            var pem = (await Outside.FileAsync(_alice.Account, request.Id, Never))!;
            var read = await OpenSsl.RunAsync(Encoding.ASCII.GetBytes(pem), "req", "-verify", "-text", "-noout");
            Assert.Contains("verify OK", read.Words, StringComparison.Ordinal);
            Assert.Contains("email:bob@example.test", Encoding.UTF8.GetString(read.Demand()), StringComparison.Ordinal);
            answer.Append(await _root.SignAsync(pem, (request.Kind == CertificateKind.Signing ? Signs : Opens) + "subjectAltName=email:bob@example.test\n"));
        }

        Assert.Equal(2, (await Outside.FileAsync(_alice.Account, null, Never))!.Split("BEGIN CERTIFICATE REQUEST").Length - 1);
        var taken = await Outside.AnswerAsync(_alice.Account, Encoding.ASCII.GetBytes(answer.ToString()), Never);

        Assert.Equal([OutsideAnswerState.Taken, OutsideAnswerState.Taken], taken.Select(one => one.State));
        Assert.Empty(await Outside.ListAsync(_alice.Account, Never));
        Assert.Null(await Outside.FileAsync(_alice.Account, null, Never));
        var own = await _portal.Get<OwnCertificates>().ListAsync(_bob.Account, Never);
        Assert.Equal(["Outside Root", "Outside Root"], own.Where(one => one.IsCurrent).Select(one => one.Issuer));
        Assert.Equal(MessageVerdict.SignedValid, (await ExchangeAsync("from the new pair", _bob, _alice)).Verdict);
        Assert.Equal(MessageVerdict.SignedValid, (await ExchangeAsync("to the new pair", _alice, _bob)).Verdict);
        var old = (await _portal.ListAsync(_bob)).Single(one => one.Subject == "before");
        Assert.Contains("The body.", await _portal.BodyAsync(_bob, old.Id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_is_neither_replaced_nor_stands_in_the_way_and_can_be_withdrawn()
    {
        await TrustAsync();
        await Outside.RequestAsync(_alice.Account, "bob@example.test", Never);
        var waiting = await Outside.ListAsync(_alice.Account, Never);
        var pem = (await Outside.FileAsync(_alice.Account, waiting[0].Id, Never))!;
        await using (var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never))
        {
            var keys = await db.Certificates.Where(one => one.State == CertificateState.Requested).Select(one => one.KeyId!.Value).ToListAsync();
            foreach (var key in keys)
            {
                Assert.IsType<KeyReplaced.NotReplaceable>(await _portal.Get<KeyReplacing>().ReplaceAsync(_alice.Account, key, Never));
            }
        }

        await Outside.WithdrawAsync(_alice.Account, waiting[0].Id, Never);
        await Outside.WithdrawAsync(_alice.Account, waiting[0].Id, Never);

        Assert.Equal(waiting[1].Id, Assert.Single(await Outside.ListAsync(_alice.Account, Never)).Id);
        var late = await _root.SignAsync(pem, Signs + "subjectAltName=email:bob@example.test\n");
        Assert.Equal(OutsideAnswerState.NotAsked, Assert.Single(await Outside.AnswerAsync(_alice.Account, Encoding.ASCII.GetBytes(late), Never)).State);
        Assert.Equal(MessageVerdict.SignedValid, (await ExchangeAsync("as ever", _bob, _alice)).Verdict);
        await using var read = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        Assert.Equal(1, await read.ManagedKeys.CountAsync(one => one.DestroyedAt != null));

        Assert.IsType<PersonIssuing.Done>(await Outside.RequestAsync(_alice.Account, "bob@example.test", Never));
        Assert.IsType<PersonIssuing.Waiting>(await Outside.RequestAsync(_alice.Account, "bob@example.test", Never));
        var both = await Outside.ListAsync(_alice.Account, Never);
        Assert.Equal([CertificateKind.Signing, CertificateKind.Encryption], both.Select(one => one.Kind).Order());
        Assert.Contains(waiting[1].Id, both.Select(one => one.Id));
    }

    [Theory]
    [InlineData("bob@example.test", Signs, false, false, OutsideAnswerState.NotTrusted)]
    [InlineData("mallory@example.test", Signs, true, false, OutsideAnswerState.OtherAddress)]
    [InlineData("bob@example.test", Opens, true, false, OutsideAnswerState.OtherUsage)]
    [InlineData("bob@example.test", Signs, true, true, OutsideAnswerState.NotValidNow)]
    public async Task An_answer_that_does_not_do_says_why_and_the_request_goes_on_waiting(string address, string usage, bool isTrusted, bool isOld, OutsideAnswerState expected)
    {
        if (isTrusted)
        {
            await TrustAsync();
        }

        await Outside.RequestAsync(_alice.Account, "bob@example.test", Never);
        var request = (await Outside.ListAsync(_alice.Account, Never)).Single(one => one.Kind == CertificateKind.Signing);
        var pem = (await Outside.FileAsync(_alice.Account, request.Id, Never))!;
        var signed = await _root.SignAsync(pem, $"{usage}subjectAltName=email:{address}\n", isOld ? ("20200101000000Z", "20210101000000Z") : null);

        Assert.Equal(expected, Assert.Single(await Outside.AnswerAsync(_alice.Account, Encoding.ASCII.GetBytes(signed + _root.Pem), Never)).State);

        Assert.Equal(2, (await Outside.ListAsync(_alice.Account, Never)).Count);
        Assert.Empty(await Outside.AnswerAsync(_alice.Account, "no certificate"u8.ToArray(), Never));
    }

    [Fact]
    public async Task A_request_gets_nothing_but_its_key_certified_and_the_person_goes_on_signing_here()
    {
        var request = await RequestAsync("/CN=Chief Executive/O=Somebody Else", "basicConstraints=critical,CA:TRUE", "subjectAltName=email:ceo@example.test,DNS:example.test", "keyUsage=critical,keyCertSign,cRLSign", "extendedKeyUsage=serverAuth,codeSigning");

        var id = Assert.IsType<PersonIssuing.Done>(await Outside.IssueAsync(_alice.Account, "bob@example.test", request, Never)).Id;

        var details = (await _portal.Get<CertificateDesk>().FindAsync(_alice.Account, id, Never))!;
        using var certificate = X509CertificateLoader.LoadCertificate(details.Encoded!);
        Assert.Equal("CN=Person bob", certificate.Subject);
        Assert.Equal(["bob@example.test"], MailAddresses.Of(certificate).Select(one => one.ToString()));
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, certificate.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.Equal(["1.3.6.1.5.5.7.3.4"], certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Select(one => one.Value!));
        Assert.DoesNotContain("example.test", certificate.Extensions.Single(one => one.Oid!.Value == "2.5.29.17").Format(false).Replace("bob@example.test", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(MessageVerdict.SignedValid, (await ExchangeAsync("signed here", _bob, _alice)).Verdict);
        Assert.Contains(await _portal.Get<OwnCertificates>().ListAsync(_bob.Account, Never), one => one is { IsElsewhere: true, IsCurrent: false } && one.Id == id);

        Assert.IsType<PersonIssuing.KeyInUse>(await Outside.IssueAsync(_alice.Account, "alice@example.test", request, Never));
        await Outside.RequestAsync(_alice.Account, "bob@example.test", Never);
        var ours = Encoding.ASCII.GetBytes((await Outside.FileAsync(_alice.Account, null, Never))!);
        Assert.IsType<PersonIssuing.KeyInUse>(await Outside.IssueAsync(_alice.Account, "bob@example.test", ours, Never));
        var revocation = _portal.Get<CertificateRevocation>();
        Assert.IsType<CertificateStanding.Done>(await revocation.SuspendAsync(_alice.Account, id, Never));
        Assert.IsType<CertificateStanding.Done>(await revocation.ResumeAsync(_alice.Account, id, Never));
        Assert.IsType<CertificateStanding.Done>(await revocation.RevokeAsync(_alice.Account, id, RevocationCause.KeyCompromise, Never));
        Assert.IsType<PersonIssuing.KeyInUse>(await Outside.IssueAsync(_alice.Account, "bob@example.test", request, Never));
    }

    [Fact]
    public async Task What_is_signed_after_the_revocation_is_not_valid_here_nor_for_openssl()
    {
        var request = await RequestAsync("/CN=Bob");
        var id = Assert.IsType<PersonIssuing.Done>(await Outside.IssueAsync(_alice.Account, "bob@example.test", request, Never)).Id;
        using var certificate = X509CertificateLoader.LoadCertificate((await _portal.Get<CertificateDesk>().FindAsync(_alice.Account, id, Never))!.Encoded!);
        await File.WriteAllTextAsync(_root.At("card.pem"), certificate.ExportCertificatePem());
        var card = new TestHolder("bob@example.test", certificate, _root.At("card.pem"), _root.At("own.key"));
        var before = await SignedByAsync(card, "before");
        Assert.Equal(MessageVerdict.SignedValid, before.Verdict);
        Assert.Equal(0, await VerifyAsync());

        await _portal.Get<CertificateRevocation>().RevokeAsync(_alice.Account, id, RevocationCause.KeyCompromise, Never);
        await _portal.WorkOffAsync();

        Assert.Equal(MessageVerdict.SignedUntrusted, (await SignedByAsync(card, "after")).Verdict);
        Assert.Equal(MessageVerdict.SignedValid, (await _portal.ListAsync(_alice)).Single(one => one.Id == before.Id).Verdict);
        Assert.Equal(2, await VerifyAsync());

        async Task<int> VerifyAsync()
        {
            await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
            var authorities = await db.Certificates.Where(one => one.Kind == CertificateKind.RootAuthority || one.Kind == CertificateKind.IssuingAuthority).ToListAsync();
            var lists = await db.RevocationLists.GroupBy(one => one.AuthorityId).Select(group => group.OrderByDescending(one => one.Number).First().Encoded).ToListAsync();
            await File.WriteAllTextAsync(_root.At("authorities.pem"), string.Concat(authorities.Select(one => X509CertificateLoader.LoadCertificate(one.Encoded!).ExportCertificatePem() + "\n")));
            await File.WriteAllTextAsync(_root.At("lists.pem"), string.Concat(lists.Select(one => System.Security.Cryptography.PemEncoding.WriteString("X509 CRL", one) + "\n")));
            return (await OpenSsl.RunAsync([], "verify", "-crl_check", "-purpose", "smimesign", "-CAfile", _root.At("authorities.pem"), "-CRLfile", _root.At("lists.pem"), card.CertificateFile)).ExitCode;
        }
    }

    [Fact]
    public async Task What_another_authority_issued_and_we_took_back_does_not_count_here()
    {
        await TrustAsync();
        await Outside.RequestAsync(_alice.Account, "bob@example.test", Never);
        var signing = (await Outside.ListAsync(_alice.Account, Never)).ToDictionary(one => one.Kind, one => one.Id);
        foreach (var (kind, usage) in new[] { (CertificateKind.Signing, Signs), (CertificateKind.Encryption, Opens) })
        {
            var answer = await _root.SignAsync((await Outside.FileAsync(_alice.Account, signing[kind], Never))!, usage + "subjectAltName=email:bob@example.test\n");
            Assert.Equal(OutsideAnswerState.Taken, Assert.Single(await Outside.AnswerAsync(_alice.Account, Encoding.ASCII.GetBytes(answer), Never)).State);
        }

        var kept = await ExchangeAsync("signed before", _bob, _alice);
        await ExchangeAsync("encrypted before", _alice, _bob);
        Assert.True((await ContactAsync()).Certificates.Single(one => one.IsChosen).Issuer == "Outside Root");

        var revocation = _portal.Get<CertificateRevocation>();
        Assert.IsType<CertificateStanding.Done>(await revocation.SuspendAsync(_alice.Account, signing[CertificateKind.Encryption], Never));
        Assert.DoesNotContain((await ContactAsync()).Certificates, one => one.IsChosen);
        Assert.IsType<CertificateStanding.Done>(await revocation.ResumeAsync(_alice.Account, signing[CertificateKind.Encryption], Never));
        Assert.Contains((await ContactAsync()).Certificates, one => one.IsChosen);
        foreach (var id in signing.Values)
        {
            Assert.IsType<CertificateStanding.Done>(await revocation.RevokeAsync(_alice.Account, id, RevocationCause.KeyCompromise, Never));
        }

        var contact = await ContactAsync();
        Assert.Equal((CertificateSuitability.Revoked, CertificateSuitability.Former), (contact.Certificates[0].Suitability, contact.Certificates[1].Suitability));
        Assert.DoesNotContain(contact.Certificates, one => one.IsChosen);
        Assert.Null(await _portal.Get<PublicDirectory>().FindAsync("bob@example.test", _alice.Account, Never));
        var details = (await _portal.Get<CertificateDesk>().FindAsync(_alice.Account, signing[CertificateKind.Signing], Never))!;
        Assert.Equal((true, "CN=Outside Root"), (details.IsOfOthers, Assert.Single(details.Chain).Name));
        var draft = await _portal.WriteAsync(_bob, Mail.To("alice@example.test", "after"));
        Assert.Equal(SendProblem.NoCertificate, Assert.IsType<SendOutcome.Refused>(await _portal.SendAsync(_bob, draft)).Problem);
        Assert.IsType<OwnReplacing.NotAllowed>(await _portal.Get<OwnCertificates>().ReplaceAsync(_bob.Account, Never));
        Assert.Equal(1, (await _portal.Get<CertificateDesk>().AttentionAsync(_alice.Account, Never)).Uncertified);
        Assert.Equal(2, (await _portal.Get<CertificateDesk>().AttentionAsync(_alice.Account, Never)).Revoked);

        // What came before stays as it was judged.
        Assert.Equal(MessageVerdict.SignedValid, (await _portal.ListAsync(_alice)).Single(one => one.Id == kept.Id).Verdict);

        async Task<ContactView> ContactAsync() => (await _portal.Get<Contacts>().FindAsync(_alice.Account, "bob@example.test", Never))!;
    }

    [Fact]
    public async Task Nobody_elsewhere_and_nobody_without_the_permission_gets_any()
    {
        var request = await RequestAsync("/CN=Carol");
        Assert.IsType<PersonIssuing.NobodyHere>(await Outside.IssueAsync(_alice.Account, "carol@outside.test", request, Never));
        Assert.IsType<PersonIssuing.NobodyHere>(await Outside.RequestAsync(_alice.Account, "no address", Never));
        Assert.IsType<PersonIssuing.NobodyHere>(await Outside.RequestAsync(new Actor.Portal(OrganisationId.New(), "other"), "bob@example.test", Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Outside.IssueAsync(_bob.Account, "bob@example.test", request, Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Outside.RequestAsync(_bob.Account, "bob@example.test", Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Outside.FileAsync(_bob.Account, null, Never));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Outside.AnswerAsync(_bob.Account, request, Never));
    }

    private async Task TrustAsync() => Assert.IsType<TrustAdding.Added>(await _portal.Get<ForeignAuthorities>().AddAsync(
        _alice.Account, Encoding.ASCII.GetBytes(_root.Pem), null, new TrustTerms(TrustPurpose.Both, RevocationRequired: false, []), Never));

    private async Task<byte[]> RequestAsync(string subject, params string[] wishes) => (await OpenSsl.RunAsync(
        [],
        ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", _root.At("own.key"), "-subj", subject, .. wishes.SelectMany(wish => (string[])["-addext", wish])])).Demand();

    private async Task<MessageRow> SignedByAsync(TestHolder signer, string subject)
    {
        await _portal.ArriveAsync(_alice, ForeignMail.Message(signer.Address, "alice@example.test", subject, await ForeignMail.SignAsync(ForeignMail.Text($"The text of {subject}."), signer)));
        return await _portal.ReceiveAsync(_alice, subject);
    }

    private async Task<MessageRow> ExchangeAsync(string subject, SignedInPerson from, SignedInPerson to)
    {
        await _portal.SendAsync(from, Mail.To(to == _alice ? "alice@example.test" : "bob@example.test", subject));
        return await _portal.ReceiveAsync(to, subject);
    }
}

public sealed class PostgresOutsideEnrolmentTests(PostgresFixture postgres) : OutsideEnrolmentContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteOutsideEnrolmentTests(SqliteFixture sqlite) : OutsideEnrolmentContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
