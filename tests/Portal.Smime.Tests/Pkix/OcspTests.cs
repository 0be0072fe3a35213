using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

/// <summary>What OCSP responses do to a path.</summary>
public sealed class OcspTests
{
    private static readonly Holder Root = OcspWorld.Root;
    private static readonly Holder Issuing = OcspWorld.Issuing;
    private static readonly Holder Dora = OcspWorld.Dora;

    [Fact]
    public async Task The_authority_itself_may_answer() => Good(OcspWorld.Validate(await OcspWorld.RespondAsync(Issuing, OcspWorld.Single(OcspWorld.Good))));

    [Fact]
    public async Task A_delegate_may_answer() => Good(OcspWorld.Validate(await OcspWorld.RespondAsync(OcspWorld.Responder, OcspWorld.Single(OcspWorld.Good))));

    [Fact]
    public void No_answer_is_not_good() => Unknown(OcspWorld.Validate());

    [Fact]
    public async Task Unknown_is_not_good() =>
        Unknown(OcspWorld.Validate(await OcspWorld.RespondAsync(Issuing, OcspWorld.Single(new OcspCertificateStatus.Unknown()))));

    [Fact]
    public async Task Revoked_is_revoked_with_its_reason()
    {
        var response = await OcspWorld.RespondAsync(OcspWorld.Responder, OcspWorld.Single(OcspWorld.Revoked()));

        var revoked = Assert.IsType<PathValidation.Revoked>(OcspWorld.Validate(response));
        Assert.Equal((Dora.Certificate, CrlReason.KeyCompromise, Pki.Now.AddHours(-2)), (revoked.Certificate, revoked.Entry.Reason, revoked.Entry.RevokedAt));
    }

    [Fact]
    public async Task Revoked_by_either_source_is_revoked()
    {
        var good = await OcspWorld.RespondAsync(Issuing, OcspWorld.Single(OcspWorld.Good));
        var bad = await OcspWorld.RespondAsync(Issuing, OcspWorld.Single(OcspWorld.Revoked()));

        Assert.IsType<PathValidation.Revoked>(OcspWorld.Validate(Dora, [new ListDraft(Issuing) { Entries = [ListDraft.Of(Dora)] }], good));
        Assert.IsType<PathValidation.Revoked>(OcspWorld.Validate(Dora, [new ListDraft(Issuing)], bad));
        Assert.IsType<PathValidation.Valid>(OcspWorld.Validate(Dora, [new ListDraft(Issuing)], good));
    }

    [Fact]
    public async Task An_answer_for_another_certificate_says_nothing()
    {
        var other = Issuing.Person();
        var single = OcspWorld.Single(OcspWorld.Good) with { CertificateId = OcspCertificateId.Of(other.Certificate, Issuing.Certificate) };

        Unknown(OcspWorld.Validate(await OcspWorld.RespondAsync(Issuing, single)));
    }

    [Fact]
    public async Task An_answer_for_the_same_number_of_another_authority_says_nothing()
    {
        var other = Root.Authority("CN=Other");
        var id = OcspCertificateId.Of(other.Person().Certificate, other.Certificate) with { SerialNumber = Dora.Certificate.SerialNumberBytes };

        Unknown(OcspWorld.Validate(await OcspWorld.RespondAsync(Issuing, OcspWorld.Single(OcspWorld.Good) with { CertificateId = id })));
    }

    [Fact]
    public async Task An_answer_for_another_key_of_the_same_name_says_nothing()
    {
        var id = OcspCertificateId.Of(Dora.Certificate, Holder.Root("CN=Issuing").Certificate);

        Unknown(OcspWorld.Validate(await OcspWorld.RespondAsync(Issuing, OcspWorld.Single(OcspWorld.Good) with { CertificateId = id })));
    }

    [Fact]
    public async Task An_answer_that_is_over_says_nothing_good_and_still_what_is_revoked()
    {
        var over = OcspWorld.Single(OcspWorld.Good) with { NextUpdate = Pki.Now.AddSeconds(-1) };

        Unknown(OcspWorld.Validate(await OcspWorld.RespondAsync(Issuing, over)));
        Assert.IsType<PathValidation.Revoked>(OcspWorld.Validate(await OcspWorld.RespondAsync(Issuing, over with { Status = OcspWorld.Revoked() })));
    }

    [Fact]
    public async Task An_answer_without_an_end_tells_only_about_the_time_before_it()
    {
        var before = OcspWorld.Single(OcspWorld.Good) with { NextUpdate = null };
        var after = before with { ThisUpdate = Pki.Now.AddMinutes(1) };

        Unknown(OcspWorld.Validate(await OcspWorld.RespondAsync(Issuing, before)));
        Good(OcspWorld.Validate(await OcspWorld.RespondAsync(Issuing, after, Pki.Now.AddMinutes(1))));
    }

    [Fact]
    public async Task A_revocation_after_the_instant_does_not_reach_back()
    {
        var later = OcspWorld.Single(new OcspCertificateStatus.Revoked(Pki.Now.AddMinutes(1), CrlReason.KeyCompromise));

        Unknown(OcspWorld.Validate(await OcspWorld.RespondAsync(Issuing, later)));
    }

    [Fact]
    public async Task A_hold_is_lifted_by_a_later_answer_and_a_revocation_never()
    {
        var later = await OcspWorld.RespondAsync(Issuing, OcspWorld.Single(OcspWorld.Good) with { ThisUpdate = Pki.Now.AddMinutes(-1) }, Pki.Now);
        var hold = await OcspWorld.RespondAsync(Issuing, OcspWorld.Single(OcspWorld.Revoked(CrlReason.CertificateHold)));
        var revoked = await OcspWorld.RespondAsync(Issuing, OcspWorld.Single(OcspWorld.Revoked()));

        Assert.IsType<PathValidation.Revoked>(OcspWorld.Validate(hold));
        Good(OcspWorld.Validate(hold, later));
        Assert.IsType<PathValidation.Revoked>(OcspWorld.Validate(revoked, later));
    }

    public static TheoryData<string> Strangers => ["no purpose", "another purpose", "another issuer", "the root's", "expired", "expired since", "another name", "weak", "critical", "no usage", "a person"];

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Whoever_was_not_delegated_is_not_heard(string kind)
    {
        Holder responder = kind switch
        {
            "no purpose" => OcspWorld.Delegate(Issuing, draft => draft.Without(Oids.ExtendedKeyUsage)),
            "another purpose" => OcspWorld.Delegate(Issuing, draft => draft.With(ExtensionOf.Purposes(Oids.AnyExtendedKeyUsage))),
            "another issuer" => OcspWorld.Delegate(Holder.Root("CN=Issuing")),
            "the root's" => OcspWorld.Delegate(Root),
            "expired" => OcspWorld.Delegate(Issuing, draft => draft.NotAfter = OcspWorld.This.AddSeconds(-1)),
            "expired since" => OcspWorld.Delegate(Issuing, draft => draft.NotAfter = Pki.Now.AddSeconds(-1)),
            "another name" => OcspWorld.Delegate(Issuing, draft => draft.Issuer = new("CN=Somebody")),
            "weak" => OcspWorld.Delegate(Issuing, draft => draft.Hash = HashAlgorithmName.SHA1),
            "critical" => OcspWorld.Delegate(Issuing, draft => draft.With(ExtensionOf.Unknown(critical: true))),
            "no usage" => OcspWorld.Delegate(Issuing, draft => draft.With(ExtensionOf.Usage(X509KeyUsageFlags.KeyEncipherment))),
            _ => Dora,
        };

        Unknown(OcspWorld.Validate(await OcspWorld.RespondAsync(responder, OcspWorld.Single(OcspWorld.Good))));
        Unknown(OcspWorld.Validate(await OcspWorld.RespondAsync(responder, OcspWorld.Single(OcspWorld.Revoked()))));
    }

    [Fact]
    public async Task A_delegate_that_was_revoked_is_not_heard()
    {
        var response = await OcspWorld.RespondAsync(OcspWorld.Responder, OcspWorld.Single(OcspWorld.Good));
        var list = new ListDraft(Issuing) { OnlyAuthorities = true, Entries = [ListDraft.Of(OcspWorld.Responder)] };

        Good(OcspWorld.Validate(Dora, [list], response));
        Unknown(OcspWorld.Validate(Dora, [list with { OnlyAuthorities = false, ThisUpdate = Pki.Now.AddDays(-9), NextUpdate = Pki.Now.AddDays(-1) }], response));
    }

    [Fact]
    public async Task A_broken_signature_says_nothing()
    {
        var der = (await OcspWorld.RespondAsync(Issuing, OcspWorld.Single(OcspWorld.Good))).Encoded.ToArray();
        der[^1] ^= 1;

        Assert.True(OcspResponse.TryParse(der, out var broken));
        Unknown(OcspWorld.Validate(broken));
    }

    [Fact]
    public async Task The_nonce_is_echoed_and_the_evidence_named()
    {
        var der = await OcspResponseBuilder.BuildAsync(OcspWorld.Of(OcspWorld.Responder), [OcspWorld.Single(OcspWorld.Good)], Pki.Now, new byte[] { 1, 2, 3 }, default);

        Assert.True(OcspResponse.TryParse(der, out var response));
        Assert.Equal([1, 2, 3], response.Nonce!.Value.ToArray());
        Assert.Equal(Pki.Now, response.ProducedAt);
        var valid = Assert.IsType<PathValidation.Valid>(OcspWorld.Validate(response));
        Assert.Equal([RevocationSource.OcspResponse, RevocationSource.RevocationList], valid.Revocation.Select(one => one.Source));
        Assert.Equal([Dora.Certificate, Issuing.Certificate], valid.Revocation.Select(one => one.Certificate));
    }

    [Fact]
    public void A_refusal_has_a_status_and_no_answers()
    {
        Assert.True(OcspResponse.TryParse(OcspResponseBuilder.Refuse(OcspResponseStatus.TryLater), out var response));
        Assert.Equal(OcspResponseStatus.TryLater, response.Status);
        Assert.Empty(response.Responses);
        Unknown(OcspWorld.Validate(response));
        Assert.Throws<ArgumentException>(() => OcspResponseBuilder.Refuse(OcspResponseStatus.Successful));
    }

    private static void Good(PathValidation validation) => Assert.IsType<PathValidation.Valid>(validation);

    private static void Unknown(PathValidation validation) =>
        Assert.Equal(PathFailure.RevocationUnknown, Assert.IsType<PathValidation.Invalid>(validation).Failure);
}
