namespace Portal.Smime;

/// <summary>Algorithms, content types and attributes by the names that people know them by.</summary>
public static class AlgorithmNames
{
    private static readonly Dictionary<string, string> Names = new()
    {
        [Oids.Data] = "data",
        [Oids.SignedData] = "signed-data",
        [Oids.EnvelopedData] = "enveloped-data",
        [Oids.AuthEnvelopedData] = "authEnveloped-data",
        [Oids.CompressedData] = "compressed-data",
        ["1.2.840.113549.1.7.5"] = "digested-data",
        ["1.2.840.113549.1.7.6"] = "encrypted-data",
        ["2.16.840.1.101.3.4.1.2"] = "AES-128-CBC",
        ["2.16.840.1.101.3.4.1.6"] = "AES-128-GCM",
        ["2.16.840.1.101.3.4.1.22"] = "AES-192-CBC",
        ["2.16.840.1.101.3.4.1.26"] = "AES-192-GCM",
        ["2.16.840.1.101.3.4.1.42"] = "AES-256-CBC",
        ["2.16.840.1.101.3.4.1.46"] = "AES-256-GCM",
        ["1.2.840.113549.3.7"] = "3DES-CBC",
        ["1.2.840.113549.3.2"] = "RC2-CBC",
        ["1.3.14.3.2.7"] = "DES-CBC",
        [Oids.Sha1] = "SHA-1",
        [Oids.Sha256] = "SHA-256",
        [Oids.Sha384] = "SHA-384",
        [Oids.Sha512] = "SHA-512",
        [Oids.RsaEncryption] = "RSA",
        [Oids.RsaesOaep] = "RSA-OAEP",
        [Oids.RsassaPss] = "RSA-PSS",
        [Oids.Dsa] = "DSA",
        [Oids.EcPublicKey] = "EC",
        [Oids.Ed25519] = "Ed25519",
        [Oids.X25519] = "X25519",
        ["1.2.840.113549.1.9.16.13.3"] = "KEM",
        [Oids.EcdhSha1Kdf] = "ECDH with SHA-1",
        [Oids.EcdhSha256Kdf] = "ECDH with SHA-256",
        [Oids.EcdhSha384Kdf] = "ECDH with SHA-384",
        [Oids.EcdhSha512Kdf] = "ECDH with SHA-512",
        [Oids.EcdhHkdfSha256] = "ECDH with HKDF and SHA-256",
        [Oids.EcdhHkdfSha384] = "ECDH with HKDF and SHA-384",
        [Oids.EcdhHkdfSha512] = "ECDH with HKDF and SHA-512",
        [Oids.ReceiptRequest] = "receipt-request",
        [Oids.SecurityLabel] = "security-label",
        [Oids.MailListExpansionHistory] = "expansion-history",
        [Oids.ContentHints] = "content-hints",
        [Oids.ContentIdentifier] = "content-identifier",
        [Oids.EquivalentLabels] = "equivalent-labels",
        [Oids.ContentReference] = "content-reference",
    };

    /// <param name="objectIdentifier">With a parameter's behind a slash, where there is one.</param>
    /// <returns>The object identifier itself when it has no name here.</returns>
    public static string Of(string objectIdentifier) => string.Join(" with ", objectIdentifier.Split('/').Select(one => Names.GetValueOrDefault(one, one)));
}
