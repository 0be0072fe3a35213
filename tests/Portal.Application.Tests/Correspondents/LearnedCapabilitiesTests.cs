using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Application.Certificates;

namespace Portal.Application.Tests.Correspondents;

/// <summary>RFC 8551 §2.7.1: what a correspondent's software can read is what its newest message says.</summary>
public sealed class LearnedCapabilitiesTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly Certificate _certificate = New();

    [Fact]
    public void A_newer_message_replaces_what_an_older_one_said()
    {
        _certificate.Learn("old", Now);
        _certificate.Learn("new", Now.AddSeconds(1));

        Assert.Equal("new", _certificate.Capabilities);
    }

    // Whoever has kept one could make us encrypt for the software of then.
    [Fact]
    public void An_older_message_says_nothing_new()
    {
        _certificate.Learn("new", Now);
        _certificate.Learn("old", Now.AddDays(-300));
        _certificate.Learn("again", Now);

        Assert.Equal(("new", Now), (_certificate.Capabilities, _certificate.CapabilitiesSignedAt));
    }

    [Fact]
    public void A_message_without_a_list_does_not_take_it_away()
    {
        _certificate.Learn("list", Now);
        _certificate.Learn(string.Empty, Now.AddDays(1));

        Assert.Equal("list", _certificate.Capabilities);
    }

    private static Certificate New()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=Correspondent", key, HashAlgorithmName.SHA256).CreateSelfSigned(Now, Now.AddYears(1));
        return Certificate.OfCorrespondent(new OrganisationId(Guid.NewGuid()), "alice@example.test", certificate, CertificateSource.SignedMail, Now);
    }
}
