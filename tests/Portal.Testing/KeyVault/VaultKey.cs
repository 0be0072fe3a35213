using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Portal.Testing.KeyVault;

/// <summary>One version of a key in the test server.</summary>
internal sealed class VaultKey(string name, string type, string[] operations, AsymmetricAlgorithm pair, DateTimeOffset now)
{
    public string Name { get; } = name;

    public string Version { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public bool Enabled { get; set; } = true;

    public bool May(string operation) => operations.Contains(operation);

    /// <summary>"Create Key", KeyBundle.</summary>
    public JsonObject Bundle(string authority)
    {
        var key = new JsonObject
        {
            ["kid"] = $"{authority}/keys/{Name}/{Version}",
            ["kty"] = type,
            ["key_ops"] = new JsonArray(operations.Select(one => (JsonNode)one).ToArray()),
        };
        if (pair is RSA rsa)
        {
            var parameters = rsa.ExportParameters(false);
            (key["n"], key["e"]) = (Text(parameters.Modulus!), Text(parameters.Exponent!));
        }
        else
        {
            var point = ((ECDsa)pair).ExportParameters(false);
            (key["crv"], key["x"], key["y"]) = ($"P-{((ECDsa)pair).KeySize}", Text(point.Q.X!), Text(point.Q.Y!));
        }

        return new JsonObject { ["key"] = key, ["attributes"] = Attributes() };
    }

    public JsonObject Attributes() => new()
    {
        ["enabled"] = Enabled,
        ["created"] = now.ToUnixTimeSeconds(),
        ["updated"] = now.ToUnixTimeSeconds(),
        ["recoveryLevel"] = "Recoverable+Purgeable",
        ["recoverableDays"] = 90,
    };

    /// <summary>"Sign": JSON Web Signature algorithms over a digest.</summary>
    /// <returns>Null for an algorithm that is not this key's, or a digest of another length.</returns>
    public byte[]? Sign(string algorithm, byte[] digest)
    {
        var hash = algorithm[^3..] switch { "256" => HashAlgorithmName.SHA256, "384" => HashAlgorithmName.SHA384, "512" => HashAlgorithmName.SHA512, _ => default };
        var fits = digest.Length == hash.Name?[3..] switch { "256" => 32, "384" => 48, "512" => 64, _ => -1 };
        return (algorithm[..2], pair) switch
        {
            _ when !fits => null,
            ("RS", RSA rsa) => rsa.SignHash(digest, hash, RSASignaturePadding.Pkcs1),
            ("PS", RSA rsa) => rsa.SignHash(digest, hash, RSASignaturePadding.Pss),
            ("ES", ECDsa curve) when digest.Length == curve.KeySize switch { 256 => 32, 384 => 48, _ => 64 } => curve.SignHash(digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            _ => null,
        };
    }

    /// <summary>"Unwrap Key": what does not unwrap is a bad parameter.</summary>
    public byte[]? Unwrap(string algorithm, byte[] value)
    {
        var padding = algorithm switch { "RSA1_5" => RSAEncryptionPadding.Pkcs1, "RSA-OAEP" => RSAEncryptionPadding.OaepSHA1, "RSA-OAEP-256" => RSAEncryptionPadding.OaepSHA256, _ => null };
        try
        {
            return pair is RSA rsa && padding is not null ? rsa.Decrypt(value, padding) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string Text(byte[] value) => Base64Url.EncodeToString(value);
}
