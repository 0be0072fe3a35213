using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Tests.Support;

/// <summary>People who agree on keys instead of having them sent.</summary>
internal static class Curves
{
    public static Person P256 { get; } = Of("p256@example.org", ECCurve.NamedCurves.nistP256);

    public static Person P384 { get; } = Of("p384@example.org", ECCurve.NamedCurves.nistP384);

    public static Person P521 { get; } = Of("p521@example.org", ECCurve.NamedCurves.nistP521);

    public static Person Find(string name) => name switch { "P256" => P256, "P384" => P384, _ => P521 };

    private static Person Of(string address, ECCurve curve) => Person.With(
        address,
        ECDsa.Create(curve),
        new CertificateWish(address) { KeyUsage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyAgreement });
}
