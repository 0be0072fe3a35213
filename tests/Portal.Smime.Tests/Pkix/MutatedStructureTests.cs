using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

/// <summary>Whatever is changed in what a stranger sends, there is an outcome, and it is not good.</summary>
public sealed class MutatedStructureTests
{
    private static readonly Holder Root = OcspWorld.Root;
    private static readonly Holder Issuing = OcspWorld.Root.Authority("CN=Rich", draft => draft
        .With(ExtensionOf.Constraints([NameOf.Mailbox("example.org"), NameOf.Directory("CN=Dora")], [NameOf.Dns("bad.example.org")]))
        .With(ExtensionOf.Policies("1.3.6.1.4.1.99999.7.1"))
        .With(ExtensionOf.Mappings(("1.3.6.1.4.1.99999.7.1", "1.3.6.1.4.1.99999.7.2")))
        .With(ExtensionOf.PolicyConstraints(3, 3))
        .With(ExtensionOf.InhibitAny(3))
        .With(ExtensionOf.Authority(0)));

    private static readonly Holder Dora = Issuing.Person(draft => draft
        .With(ExtensionOf.AltName(NameOf.Mailbox("dora@example.org"), NameOf.SmtpUtf8("dörte@example.org"), NameOf.Dns("good.example.org"), NameOf.Address("10.0.0.1")))
        .With(ExtensionOf.Policies("1.3.6.1.4.1.99999.7.2"))
        .With(ExtensionOf.DistributionPoints(([NameOf.Location("http://pki.example.org/1.crl")], (int)ReasonFlags.All, NameOf.Directory(Issuing.Name)))));

    private static readonly byte[] Lists = new ListDraft(Root).Sign();

    [Fact]
    public void The_certificates_are_valid_as_they_are() => Assert.IsType<PathValidation.Valid>(Validate(Dora.Certificate, Issuing.Certificate));

    [Fact]
    public void No_changed_certificate_is_valid() =>
        Assert.True(Try(Dora.Certificate.RawData, 1, changed => Load(changed) is { } certificate && Validate(certificate, Issuing.Certificate) is PathValidation.Valid) > 500);

    [Fact]
    public void No_changed_authority_makes_valid() =>
        Assert.True(Try(Issuing.Certificate.RawData, 1, changed => Load(changed) is { } certificate && Validate(Dora.Certificate, certificate) is PathValidation.Valid) > 500);

    [Fact]
    public void No_changed_list_is_good()
    {
        var complete = new ListDraft(Issuing) { Points = [NameOf.Location("http://pki.example.org/1.crl")], IsIndirect = true, Reasons = (int)ReasonFlags.All };
        var list = complete with { Entries = [ListDraft.Of(Issuing, CrlReason.Superseded, Root.Name), ListDraft.Of(Root)] };

        Assert.IsType<PathValidation.Valid>(ValidateWith(list.Sign()));
        Assert.True(Try(list.Sign(), 1, changed => ValidateWith(changed) is PathValidation.Valid) > 500);
    }

    [Fact]
    public void No_changed_delta_lifts_a_hold()
    {
        var held = new ListDraft(Issuing) { ThisUpdate = Pki.Now.AddDays(-2), Entries = [ListDraft.Of(Dora, CrlReason.CertificateHold)] }.Sign();
        var delta = new ListDraft(Issuing) { Number = 7, BaseNumber = 5, Entries = [ListDraft.Of(Dora, CrlReason.RemoveFromCrl)] }.Sign();

        Assert.IsType<PathValidation.Valid>(ValidateWith(held, delta));
        Assert.True(Try(delta, 1, changed => ValidateWith(held, changed) is PathValidation.Valid) > 500);
    }

    [Fact]
    public async Task No_changed_response_is_good()
    {
        var nonce = RandomNumberGenerator.GetBytes(16);
        var response = await OcspResponseBuilder.BuildAsync(OcspWorld.Of(OcspWorld.Responder), [OcspWorld.Single(OcspWorld.Good)], Pki.Now, nonce, default);

        Assert.True(OcspResponse.TryParse(response, out var good));
        Assert.IsType<PathValidation.Valid>(OcspWorld.Validate(good));
        Assert.True(Try(response, 1, changed => OcspResponse.TryParse(changed, out var parsed) && OcspWorld.Validate(parsed) is PathValidation.Valid) > 500);
    }

    [Fact]
    public async Task No_changed_certification_request_is_proven()
    {
        Assert.True(AddrSpec.TryParse("dora@example.org", out var address));
        var request = await CertificationRequestBuilder.BuildAsync(
            Dora.Name, Dora.Key.ExportSubjectPublicKeyInfo(), CertificateProfile.Signing, [address], new TestKey(Dora.Key), SignatureScheme.EcdsaSha256, default);

        Assert.IsType<CertificationRequestReading.Proven>(CertificationRequest.Read(request));
        Assert.True(Try(request, 2, changed => CertificationRequest.Read(changed) is CertificationRequestReading.Proven) > 500);
    }

    [Fact]
    public void A_changed_OCSP_request_is_read_or_not() =>
        Assert.True(Try(new OcspRequest([OcspWorld.Id, OcspWorld.Id], new byte[32]).Encode(), 4, changed => OcspRequest.TryParse(changed, out var request) && request.CertificateIds.Count > 2) > 500);

    // Every byte changed a few times, every length cut off, and a few bytes at once.
    private static int Try(byte[] good, int rounds, Func<byte[], bool> isGood)
    {
        var random = new Xorshift(0x5eed + (ulong)good.Length);
        var tried = 0;
        for (var round = 0; round < rounds; round++)
        {
            for (var index = 0; index < good.Length; index++, tried++)
            {
                var changed = good.ToArray();
                changed[index] ^= (byte)(1 + random.Below(255));
                Assert.False(isGood(changed), $"byte {index} is {changed[index]:x2}");
            }
        }

        for (var length = 0; length < good.Length; length++, tried++)
        {
            Assert.False(isGood(good[..length]), $"{length} bytes");
        }

        for (var count = 0; count < 200; count++, tried++)
        {
            var changed = good.ToArray();
            for (var place = 0; place < 4; place++)
            {
                changed[random.Below(good.Length)] ^= (byte)(1 + random.Below(255));
            }

            Assert.False(!changed.AsSpan().SequenceEqual(good) && isGood(changed), $"change {count}");
        }

        return tried;
    }

    private static X509Certificate2? Load(byte[] encoded)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(encoded);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static PathValidation Validate(X509Certificate2 certificate, X509Certificate2 authority) =>
        PathValidator.Validate(certificate, new TrustStore([new TrustAnchor(Root.Certificate, RevocationPolicy.NotPublished)], [authority], []), [], Pki.Now);

    private static PathValidation ValidateWith(params byte[][] lists)
    {
        var parsed = lists.Append(Lists).Select(list => RevocationList.TryParse(list, out var one) ? one : null).OfType<RevocationList>().ToList();
        return PathValidator.Validate(
            Dora.Certificate, new TrustStore([new TrustAnchor(Root.Certificate, RevocationPolicy.Required)], [Issuing.Certificate], parsed), [], Pki.Now);
    }
}
