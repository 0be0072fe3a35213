using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Portal.Smime.Keys;

namespace Portal.KeyStores.AzureKeyVault;

/// <summary>JSON Web Keys (RFC 7517, RFC 7518 §6) and algorithms (RFC 7518 §3.1, §4.1) as a vault has them.</summary>
internal static class VaultKeys
{
    /// <param name="bundle">KeyBundle.</param>
    /// <returns>The last segment of kid, which identifies and is never an address.</returns>
    public static string Version(JsonNode bundle) => Uri.TryCreate((string?)bundle["key"]?["kid"], UriKind.Absolute, out var kid) && kid.Segments is [_, _, _, var version]
        ? version
        : throw new KeyStoreException(KeyStoreFailure.Unavailable, "The vault names its key in a way that is not known.");

    /// <param name="item">KeyItem of a list, whose kid has no version.</param>
    public static string Name(JsonNode item) => Uri.TryCreate((string?)item["kid"], UriKind.Absolute, out var kid) && kid.Segments is [_, _, var name, ..]
        ? name.TrimEnd('/')
        : throw new KeyStoreException(KeyStoreFailure.Unavailable, "The vault names a key in a way that is not known.");

    /// <summary>With its private part.</summary>
    public static JsonObject PrivateKey(AsymmetricAlgorithm pair)
    {
        if (pair is RSA rsa)
        {
            var all = rsa.ExportParameters(true);
            return new JsonObject
            {
                ["kty"] = "RSA",
                ["n"] = Text(all.Modulus),
                ["e"] = Text(all.Exponent),
                ["d"] = Text(all.D),
                ["p"] = Text(all.P),
                ["q"] = Text(all.Q),
                ["dp"] = Text(all.DP),
                ["dq"] = Text(all.DQ),
                ["qi"] = Text(all.InverseQ),
            };
        }

        var curve = ((ECDsa)pair).ExportParameters(true);
        return new JsonObject { ["kty"] = "EC", ["crv"] = $"P-{((ECDsa)pair).KeySize}", ["x"] = Text(curve.Q.X), ["y"] = Text(curve.Q.Y), ["d"] = Text(curve.D) };
    }

    /// <returns>DER.</returns>
    public static byte[] SubjectPublicKeyInfo(JsonNode bundle)
    {
        var key = bundle["key"]!;
        if (((string?)key["kty"])?.StartsWith("RSA", StringComparison.Ordinal) == true)
        {
            using var rsa = RSA.Create(new RSAParameters { Modulus = Bytes(key["n"]), Exponent = Bytes(key["e"]) });
            return rsa.ExportSubjectPublicKeyInfo();
        }

        using var curve = ECDsa.Create(new ECParameters { Curve = NamedCurve((string?)key["crv"]), Q = new ECPoint { X = Bytes(key["x"]), Y = Bytes(key["y"]) } });
        return curve.ExportSubjectPublicKeyInfo();
    }

    public static string Curve(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.P256 => "P-256",
        KeyAlgorithm.P384 => "P-384",
        KeyAlgorithm.P521 => "P-521",
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <returns>Null for what no vault computes.</returns>
    public static string? Algorithm(SignatureScheme scheme) => scheme switch
    {
        SignatureScheme.RsaPkcs1Sha256 => "RS256",
        SignatureScheme.RsaPkcs1Sha384 => "RS384",
        SignatureScheme.RsaPkcs1Sha512 => "RS512",
        SignatureScheme.RsaPssSha256 => "PS256",
        SignatureScheme.RsaPssSha384 => "PS384",
        SignatureScheme.RsaPssSha512 => "PS512",
        SignatureScheme.EcdsaSha256 => "ES256",
        SignatureScheme.EcdsaSha384 => "ES384",
        SignatureScheme.EcdsaSha512 => "ES512",
        SignatureScheme.Ed25519 => null,
    };

    /// <returns>Null for what no vault computes.</returns>
    public static string? Algorithm(KeyTransportScheme scheme) => scheme switch
    {
        KeyTransportScheme.RsaPkcs1 => "RSA1_5",
        KeyTransportScheme.RsaOaepSha1 => "RSA-OAEP",
        KeyTransportScheme.RsaOaepSha256 => "RSA-OAEP-256",
        KeyTransportScheme.RsaOaepSha384 or KeyTransportScheme.RsaOaepSha512 => null,
    };

    private static ECCurve NamedCurve(string? name) => name switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        "P-521" => ECCurve.NamedCurves.nistP521,
        _ => throw new KeyStoreException(KeyStoreFailure.NotSupported, $"The vault's key is of a curve that is not known: {name}."),
    };

    private static string Text(byte[]? value) => Base64Url.EncodeToString(value);

    private static byte[] Bytes(JsonNode? value) => Base64Url.DecodeFromChars((string?)value ?? string.Empty);
}
