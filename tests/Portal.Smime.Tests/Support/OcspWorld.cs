using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Smime.Tests.Support;

/// <summary>A root, an authority, a person, and responders of every right and none.</summary>
internal static class OcspWorld
{
    public static Holder Root { get; } = Holder.Root("CN=Root");

    public static Holder Issuing { get; } = Root.Authority("CN=Issuing");

    public static Holder Dora { get; } = Issuing.Person();

    public static Holder Responder { get; } = Delegate(Issuing);

    public static OcspCertificateId Id { get; } = OcspCertificateId.Of(Dora.Certificate, Issuing.Certificate);

    public static DateTimeOffset This { get; } = Pki.Now.AddHours(-1);

    public static DateTimeOffset Next { get; } = Pki.Now.AddDays(1);

    public static OcspCertificateStatus.Good Good { get; } = new();

    public static Holder Delegate(Holder authority, Action<Draft>? change = null) => authority.Person(
        draft =>
        {
            draft.With(ExtensionOf.Purposes(Oids.OcspSigning)).Without(Oids.SubjectAltName);
            change?.Invoke(draft);
        },
        "CN=Responder");

    public static OcspCertificateStatus Revoked(CrlReason reason = CrlReason.KeyCompromise) => new OcspCertificateStatus.Revoked(Pki.Now.AddHours(-2), reason);

    public static SingleOcspResponse Single(OcspCertificateStatus status) => new(Id, status, This, Next);

    public static async Task<OcspResponse> RespondAsync(Holder responder, SingleOcspResponse single, DateTimeOffset? producedAt = null)
    {
        var der = await OcspResponseBuilder.BuildAsync(Of(responder), [single], producedAt ?? This, null, default);
        Assert.True(OcspResponse.TryParse(der, out var response));
        return response;
    }

    public static OcspResponder Of(Holder responder) =>
        new(responder.Certificate, new TestKey(responder.Key), SignatureScheme.EcdsaSha256) { IsDelegated = responder != Issuing && responder != Root };

    /// <summary>The authority itself is answered for by a list.</summary>
    public static PathValidation Validate(Holder person, IReadOnlyList<ListDraft> lists, params OcspResponse[] responses)
    {
        var trust = new TrustStore(
            [new TrustAnchor(Root.Certificate, RevocationPolicy.Required)],
            [Issuing.Certificate],
            lists.Append(new ListDraft(Root)).Select(Read).ToList())
        {
            OcspResponses = responses,
        };
        return PathValidator.Validate(person.Certificate, trust, [], Pki.Now);
    }

    public static PathValidation Validate(params OcspResponse[] responses) => Validate(Dora, [], responses);

    private static RevocationList Read(ListDraft draft)
    {
        Assert.True(RevocationList.TryParse(draft.Sign(), out var list));
        return list;
    }
}
