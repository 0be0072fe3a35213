using System.Formats.Asn1;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

/// <summary>What revocation lists do to a path, and to the verdict.</summary>
public sealed class RevocationTests
{
    private static readonly byte[] Serial = Pki.Alice.Certificate.SerialNumberBytes.ToArray();

    [Fact]
    public async Task Fresh_lists_that_do_not_name_the_path_make_it_valid() =>
        Assert.IsType<PathValidation.Valid>(Validate(await RootListAsync(), await ListAsync()));

    [Fact]
    public async Task A_revoked_signer_is_reported_as_revoked()
    {
        var list = await ListAsync(Revoked(Serial));

        var validation = Assert.IsType<PathValidation.Revoked>(Validate(await RootListAsync(), list));
        Assert.Equal(CrlReason.KeyCompromise, validation.Entry.Reason);
        Assert.Equal(Pki.Alice.Certificate, validation.Certificate);

        var opened = await OpenAsync(RevocationPolicy.Required, await RootListAsync(), list);
        Assert.Equal(Verdict.SignedUntrusted, opened.Verdict);
        Assert.Equal(SignerReason.Revoked, Assert.Single(Assert.Single(opened.Summary.Signers).Reasons));
    }

    [Fact]
    public async Task Good_lists_make_the_message_valid()
    {
        var opened = await OpenAsync(RevocationPolicy.Required, await RootListAsync(), await ListAsync());

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
    }

    [Fact]
    public async Task A_revoked_authority_revokes_what_is_below()
    {
        var root = await RootListAsync(Revoked(Pki.Issuing.Certificate.SerialNumberBytes.ToArray()));

        var validation = Assert.IsType<PathValidation.Revoked>(Validate(root, await ListAsync()));
        Assert.Equal(Pki.Issuing.Certificate, validation.Certificate);
    }

    [Fact]
    public void What_whoever_trusts_has_taken_back_is_revoked_from_then_on_without_a_list()
    {
        var disowned = new DisownedCertificate(Pki.Alice.Certificate, Pki.Now.AddHours(-1), CrlReason.KeyCompromise);
        var trust = new TrustStore([new TrustAnchor(Pki.Root.Certificate, RevocationPolicy.NotPublished)], [Pki.Issuing.Certificate], []) { Disowned = [disowned] };

        var validation = Assert.IsType<PathValidation.Revoked>(PathValidator.Validate(Pki.Alice.Certificate, trust, [], Pki.Now));
        Assert.Equal((Pki.Alice.Certificate, disowned.At, CrlReason.KeyCompromise), (validation.Certificate, validation.Entry.RevokedAt, validation.Entry.Reason));
        Assert.IsType<PathValidation.Valid>(PathValidator.Validate(Pki.Alice.Certificate, trust, [], Pki.Now.AddHours(-2)));
        Assert.IsType<PathValidation.Valid>(PathValidator.Validate(Pki.Alice.Certificate, trust with { Disowned = [disowned with { Certificate = Pki.Issuing.Certificate, At = Pki.Now.AddHours(1) }] }, [], Pki.Now));
        Assert.IsType<PathValidation.Revoked>(PathValidator.Validate(Pki.Alice.Certificate, trust with { Disowned = [disowned with { Certificate = Pki.Issuing.Certificate }] }, [], Pki.Now));
    }

    [Fact]
    public async Task Silence_is_not_good()
    {
        Unknown(Validate());
        Unknown(Validate(await ListAsync()));
        Unknown(Validate(await RootListAsync()));

        var opened = await OpenAsync(RevocationPolicy.Required);
        Assert.Equal(Verdict.SignedUntrusted, opened.Verdict);
        Assert.Equal(SignerReason.RevocationUnknown, Assert.Single(Assert.Single(opened.Summary.Signers).Reasons));
    }

    [Fact]
    public async Task An_expired_list_says_nothing_good()
    {
        var expired = await ListAsync(Pki.Issuing, Pki.Now.AddDays(-8), Pki.Now.AddDays(-1));

        Unknown(Validate(await RootListAsync(), expired));
        Assert.Equal(Verdict.SignedUntrusted, (await OpenAsync(RevocationPolicy.Required, await RootListAsync(), expired)).Verdict);
    }

    [Fact]
    public async Task An_expired_list_still_says_what_is_revoked()
    {
        var expired = await ListAsync(Pki.Issuing, Pki.Now.AddDays(-8), Pki.Now.AddDays(-1), Revoked(Serial));

        Assert.IsType<PathValidation.Revoked>(Validate(await RootListAsync(), expired));
    }

    [Fact]
    public async Task A_list_that_another_authority_signed_counts_for_nothing()
    {
        var impostor = TestAuthority.Root("Test Issuing");

        Unknown(Validate(await RootListAsync(), await ListAsync(impostor, Pki.Now.AddHours(-1), Pki.Now.AddDays(7))));
        Unknown(Validate(await RootListAsync(), await ListAsync(Pki.Stranger, Pki.Now.AddHours(-1), Pki.Now.AddDays(7))));
        Unknown(Validate(await RootListAsync(), await ListAsync(impostor, Pki.Now.AddHours(-1), Pki.Now.AddDays(7), Revoked(Serial))));
    }

    [Fact]
    public async Task Every_changed_byte_of_a_list_makes_it_worthless()
    {
        var root = await RootListAsync();
        var encoded = (await ListAsync()).Encoded.ToArray();
        for (var index = 0; index < encoded.Length; index++)
        {
            var changed = encoded.ToArray();
            changed[index] ^= 1;
            if (RevocationList.TryParse(changed, out var list))
            {
                Assert.False(Validate(root, list) is PathValidation.Valid, $"byte {index}");
            }
        }
    }

    [Fact]
    public async Task A_revocation_after_receipt_does_not_reach_back()
    {
        var list = await ListAsync(Pki.Issuing, Pki.Now, Pki.Now.AddDays(7), Revoked(Serial));
        var earlier = Pki.Now.AddHours(-3);

        var trust = Trust(RevocationPolicy.Required, await RootListAsync(), list);
        Assert.IsType<PathValidation.Valid>(PathValidator.Validate(Pki.Alice.Certificate, trust, [], earlier));
        Assert.IsType<PathValidation.Revoked>(PathValidator.Validate(Pki.Alice.Certificate, trust, [], Pki.Now));
    }

    [Fact]
    public async Task A_hold_is_lifted_by_a_later_list_and_a_revocation_never()
    {
        var hold = new RevokedCertificate(Serial, Pki.Now.AddDays(-3), CrlReason.CertificateHold);
        var held = await ListAsync(Pki.Issuing, Pki.Now.AddDays(-2), Pki.Now.AddDays(5), hold);
        var revoked = await ListAsync(Pki.Issuing, Pki.Now.AddDays(-2), Pki.Now.AddDays(5), Revoked(Serial));
        var later = await ListAsync();
        var root = await RootListAsync();

        Assert.IsType<PathValidation.Revoked>(Validate(root, held));
        Assert.IsType<PathValidation.Valid>(Validate(root, held, later));
        Assert.IsType<PathValidation.Revoked>(Validate(root, revoked, later));
    }

    [Fact]
    public async Task Where_nothing_is_published_silence_is_accepted_and_revocation_is_not()
    {
        var silent = Trust(RevocationPolicy.NotPublished);
        var named = Trust(RevocationPolicy.NotPublished, await ListAsync(Revoked(Serial)));

        Assert.IsType<PathValidation.Valid>(PathValidator.Validate(Pki.Alice.Certificate, silent, [], Pki.Now));
        Assert.IsType<PathValidation.Revoked>(PathValidator.Validate(Pki.Alice.Certificate, named, [], Pki.Now));
    }

    [Fact]
    public async Task A_list_made_by_openssl_is_understood()
    {
        using var bench = new Workbench();
        var authority = bench.Write("ca.pem", Workbench.Pem(Pki.Issuing.Certificate));
        var serial = Convert.ToHexString(Serial);
        bench.Write("index.txt", Mail.Bytes($"R\t{Pki.Now.AddDays(90):yyMMddHHmmssZ}\t{Pki.Now.AddHours(-1):yyMMddHHmmssZ},superseded\t{serial}\tunknown\t/CN=x\n"));
        bench.Write("number", "07\n"u8.ToArray());
        var configuration = bench.Write("ca.cnf", Mail.Bytes(
            $"[ca]\ndefault_ca=own\n[own]\ndatabase={bench.PathOf("index.txt")}\ncrlnumber={bench.PathOf("number")}\ndefault_md=sha256\ncrl_extensions=ext\n[ext]\nauthorityKeyIdentifier=keyid\n"));
        var key = bench.Write("ca.key", Mail.Bytes(Pki.Issuing.PrivateKeyPem));
        await bench.RunAsync("ca", "-gencrl", "-config", configuration, "-cert", authority, "-keyfile", key, "-crldays", "7", "-out", bench.PathOf("crl.pem"));
        var der = await bench.RunAsync("crl", "-in", bench.PathOf("crl.pem"), "-outform", "DER");

        Assert.True(RevocationList.TryParse(der, out var list));
        Assert.Equal(7, list.Number);
        Assert.Equal(CrlReason.Superseded, list.Find(Serial)!.Reason);
        Assert.IsType<PathValidation.Revoked>(Validate(await RootListAsync(), list));
    }

    [Fact]
    public async Task A_list_with_a_critical_extension_that_we_do_not_know_is_none()
    {
        var encoded = (await ListAsync()).Encoded.ToArray();
        byte[] number = [0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x14, 0x04, 0x03, 0x02, 0x01, 0x01];
        foreach (var critical in new byte[] { 0x00, 0xff })
        {
            byte[] unknown = [0x30, 0x0d, 0x06, 0x03, 0x55, 0x1d, 0x63, 0x01, 0x01, critical, 0x04, 0x03, 0x02, 0x01, 0x01];
            var changed = Enlarge(Forgery.Replace(encoded, number, unknown), 3);
            Assert.Equal(critical == 0, RevocationList.TryParse(changed, out _));
        }
    }

    [Fact]
    public async Task A_list_that_cannot_be_verified_does_not_spoil_the_others()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                WriteBrokenAlgorithm(writer);
                writer.WriteEncodedValue(Pki.Issuing.Certificate.SubjectName.RawData);
                writer.WriteUtcTime(Pki.Now.AddHours(-1));
                writer.WriteUtcTime(Pki.Now.AddDays(1));
            }

            WriteBrokenAlgorithm(writer);
            writer.WriteBitString([1, 2, 3]);
        }

        Assert.True(RevocationList.TryParse(writer.Encode(), out var broken));
        Assert.IsType<PathValidation.Valid>(Validate(await RootListAsync(), broken, await ListAsync()));
    }

    // RSASSA-PSS whose hash algorithm is a number.
    private static void WriteBrokenAlgorithm(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.RsassaPss);
            using (writer.PushSequence())
            {
                foreach (var number in new[] { 0, 1 })
                {
                    using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, number)))
                    {
                        writer.WriteInteger(5);
                    }
                }
            }
        }
    }

    // CertificateList, TBSCertList and both frames of the extensions grow; all have lengths of two or three octets here.
    private static byte[] Enlarge(byte[] list, byte bytes)
    {
        var extensions = list.AsSpan().IndexOf(new byte[] { 0x55, 0x1d, 0x23 }) - 8;
        Assert.Equal(0xa0, list[extensions]);
        list[extensions + 1] += bytes;
        list[extensions + 3] += bytes;
        foreach (var offset in new[] { 0, Header(list, 0) })
        {
            list[offset + Header(list, offset) - 1] += bytes;
        }

        return list;
    }

    private static int Header(byte[] list, int offset) => list[offset + 1] < 0x80 ? 2 : 2 + (list[offset + 1] & 0x7f);

    private static void Unknown(PathValidation validation) =>
        Assert.Equal(PathFailure.RevocationUnknown, Assert.IsType<PathValidation.Invalid>(validation).Failure);

    private static RevokedCertificate Revoked(byte[] serialNumber) => new(serialNumber, Pki.Now.AddHours(-2), CrlReason.KeyCompromise);

    private static Task<RevocationList> ListAsync(params RevokedCertificate[] revoked) =>
        ListAsync(Pki.Issuing, Pki.Now.AddHours(-1), Pki.Now.AddDays(7), revoked);

    private static Task<RevocationList> RootListAsync(params RevokedCertificate[] revoked) =>
        ListAsync(Pki.Root, Pki.Now.AddHours(-1), Pki.Now.AddDays(7), revoked);

    private static async Task<RevocationList> ListAsync(
        TestAuthority authority,
        DateTimeOffset thisUpdate,
        DateTimeOffset nextUpdate,
        params RevokedCertificate[] revoked)
    {
        var der = await RevocationListBuilder.BuildAsync(authority.Issuing, 1, revoked, thisUpdate, nextUpdate, default);
        Assert.True(RevocationList.TryParse(der, out var list));
        return list;
    }

    private static TrustStore Trust(RevocationPolicy policy, params RevocationList[] lists) =>
        new([new TrustAnchor(Pki.Root.Certificate, policy)], [Pki.Issuing.Certificate], lists);

    private static PathValidation Validate(params RevocationList[] lists) =>
        PathValidator.Validate(Pki.Alice.Certificate, Trust(RevocationPolicy.Required, lists), [], Pki.Now);

    private static async Task<Opened> OpenAsync(RevocationPolicy policy, params RevocationList[] lists) =>
        await Opened.FromAsync(Mail.Message(await Mail.SignAsync(Mail.Text, Pki.Alice)), Opened.Context(Trust(policy, lists)));
}
