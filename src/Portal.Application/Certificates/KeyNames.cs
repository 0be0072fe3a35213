using System.Security.Cryptography.X509Certificates;

namespace Portal.Application.Certificates;

internal static class KeyNames
{
    /// <summary>Kind and size.</summary>
    public static string Of(PublicKey key)
    {
        using var rsa = key.GetRSAPublicKey();
        using var curve = key.GetECDsaPublicKey();
        return rsa is not null ? $"RSA {rsa.KeySize}" : curve is not null ? $"P-{curve.KeySize}" : key.Oid.FriendlyName ?? key.Oid.Value!;
    }
}
