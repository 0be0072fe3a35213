using System.Security.Cryptography;
using Portal.Smime.Pkix;

namespace Portal.Smime.Tests.Support;

/// <summary>One root, one issuing authority and a few people, made once per run.</summary>
internal static class Pki
{
    /// <summary>Foreign software signs by the real clock, so the tests live in the present.</summary>
    public static DateTimeOffset Now { get; } = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());

    public static RSA Rsa { get; } = RSA.Create(2048);

    public static TestAuthority Root { get; } = TestAuthority.Root("Test Root");

    public static TestAuthority Issuing { get; } = Root.Subordinate("Test Issuing");

    public static TestAuthority Stranger { get; } = TestAuthority.Root("Stranger Root");

    /// <summary>RSA.</summary>
    public static Person Alice { get; } = Person.With("alice@example.org", RSA.Create(2048));

    /// <summary>RSA.</summary>
    public static Person Bob { get; } = Person.With("bob@example.org", RSA.Create(2048));

    /// <summary>P-256.</summary>
    public static Person Carol { get; } = Person.With("carol@example.org", ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public static TrustStore Trust { get; } = new([new TrustAnchor(Root.Certificate, RevocationPolicy.NotPublished)], [], []);
}
