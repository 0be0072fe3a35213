namespace Portal.Smime;

/// <summary>Object identifiers by the names that the standards give them.</summary>
internal static class Oids
{
    // RFC 5652, RFC 5083, RFC 3274, RFC 2634
    public const string Data = "1.2.840.113549.1.7.1";
    public const string SignedData = "1.2.840.113549.1.7.2";
    public const string EnvelopedData = "1.2.840.113549.1.7.3";
    public const string AuthEnvelopedData = "1.2.840.113549.1.9.16.1.23";
    public const string Receipt = "1.2.840.113549.1.9.16.1.1";
    public const string CompressedData = "1.2.840.113549.1.9.16.1.9";

    // Attributes: RFC 5652 §11, RFC 8551 §2.5, RFC 2634, RFC 5035 §3
    public const string ContentType = "1.2.840.113549.1.9.3";
    public const string MessageDigest = "1.2.840.113549.1.9.4";
    public const string SigningTime = "1.2.840.113549.1.9.5";
    public const string SmimeCapabilities = "1.2.840.113549.1.9.15";
    public const string EncryptionKeyPreference = "1.2.840.113549.1.9.16.2.11";
    public const string ReceiptRequest = "1.2.840.113549.1.9.16.2.1";
    public const string SecurityLabel = "1.2.840.113549.1.9.16.2.2";
    public const string MailListExpansionHistory = "1.2.840.113549.1.9.16.2.3";
    public const string ContentHints = "1.2.840.113549.1.9.16.2.4";
    public const string MessageSignatureDigest = "1.2.840.113549.1.9.16.2.5";
    public const string ContentIdentifier = "1.2.840.113549.1.9.16.2.7";
    public const string EquivalentLabels = "1.2.840.113549.1.9.16.2.9";
    public const string ContentReference = "1.2.840.113549.1.9.16.2.10";
    public const string SigningCertificate = "1.2.840.113549.1.9.16.2.12";
    public const string SigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";

    // Digests: RFC 5754, RFC 3370
    public const string Sha1 = "1.3.14.3.2.26";
    public const string Sha256 = "2.16.840.1.101.3.4.2.1";
    public const string Sha384 = "2.16.840.1.101.3.4.2.2";
    public const string Sha512 = "2.16.840.1.101.3.4.2.3";

    // Keys and signatures: RFC 8017, RFC 4055, RFC 5480, RFC 5758, RFC 8410
    public const string Dsa = "1.2.840.10040.4.1";
    public const string RsaEncryption = "1.2.840.113549.1.1.1";
    public const string RsaesOaep = "1.2.840.113549.1.1.7";
    public const string Mgf1 = "1.2.840.113549.1.1.8";
    public const string PSpecified = "1.2.840.113549.1.1.9";
    public const string RsassaPss = "1.2.840.113549.1.1.10";
    public const string Sha256WithRsa = "1.2.840.113549.1.1.11";
    public const string Sha384WithRsa = "1.2.840.113549.1.1.12";
    public const string Sha512WithRsa = "1.2.840.113549.1.1.13";
    public const string EcPublicKey = "1.2.840.10045.2.1";
    public const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";
    public const string EcdsaWithSha384 = "1.2.840.10045.4.3.3";
    public const string EcdsaWithSha512 = "1.2.840.10045.4.3.4";
    public const string P256 = "1.2.840.10045.3.1.7";
    public const string P384 = "1.3.132.0.34";
    public const string P521 = "1.3.132.0.35";
    public const string Ed25519 = "1.3.101.112";
    public const string X25519 = "1.3.101.110";

    // Key agreement: RFC 5753 §7.1.4, RFC 8418 §2.2; key wrap: RFC 3565 §2.3.2
    public const string EcdhSha1Kdf = "1.3.133.16.840.63.0.2";
    public const string EcdhSha256Kdf = "1.3.132.1.11.1";
    public const string EcdhSha384Kdf = "1.3.132.1.11.2";
    public const string EcdhSha512Kdf = "1.3.132.1.11.3";
    public const string CofactorEcdhSha1Kdf = "1.3.133.16.840.63.0.3";
    public const string CofactorEcdhSha256Kdf = "1.3.132.1.14.1";
    public const string CofactorEcdhSha384Kdf = "1.3.132.1.14.2";
    public const string CofactorEcdhSha512Kdf = "1.3.132.1.14.3";
    public const string EcdhHkdfSha256 = "1.2.840.113549.1.9.16.3.19";
    public const string EcdhHkdfSha384 = "1.2.840.113549.1.9.16.3.20";
    public const string EcdhHkdfSha512 = "1.2.840.113549.1.9.16.3.21";
    public const string Aes128Wrap = "2.16.840.1.101.3.4.1.5";
    public const string Aes192Wrap = "2.16.840.1.101.3.4.1.25";
    public const string Aes256Wrap = "2.16.840.1.101.3.4.1.45";

    // Naming and requests: RFC 2985, RFC 2986
    public const string EmailAddress = "1.2.840.113549.1.9.1";
    public const string ExtensionRequest = "1.2.840.113549.1.9.14";

    // OCSP: RFC 6960 §4.2.2.2, §4.4
    public const string OcspBasicResponse = "1.3.6.1.5.5.7.48.1.1";
    public const string OcspNonce = "1.3.6.1.5.5.7.48.1.2";
    public const string OcspNoCheck = "1.3.6.1.5.5.7.48.1.5";
    public const string OcspSigning = "1.3.6.1.5.5.7.3.9";

    // Certificate extensions: RFC 5280 §4.2, §5.2, §5.3; RFC 8398
    public const string SubjectKeyIdentifier = "2.5.29.14";
    public const string KeyUsage = "2.5.29.15";
    public const string SubjectAltName = "2.5.29.17";
    public const string BasicConstraints = "2.5.29.19";
    public const string CrlNumber = "2.5.29.20";
    public const string CrlReason = "2.5.29.21";
    public const string DeltaCrlIndicator = "2.5.29.27";
    public const string IssuingDistributionPoint = "2.5.29.28";
    public const string CertificateIssuer = "2.5.29.29";
    public const string NameConstraints = "2.5.29.30";
    public const string CrlDistributionPoints = "2.5.29.31";
    public const string CertificatePolicies = "2.5.29.32";
    public const string CommonName = "2.5.4.3";
    public const string AnyPolicy = "2.5.29.32.0";
    public const string PolicyMappings = "2.5.29.33";
    public const string AuthorityKeyIdentifier = "2.5.29.35";
    public const string PolicyConstraints = "2.5.29.36";
    public const string ExtendedKeyUsage = "2.5.29.37";
    public const string AnyExtendedKeyUsage = "2.5.29.37.0";
    public const string InhibitAnyPolicy = "2.5.29.54";
    public const string AuthorityInfoAccess = "1.3.6.1.5.5.7.1.1";
    public const string EmailProtection = "1.3.6.1.5.5.7.3.4";
    public const string OcspAccessMethod = "1.3.6.1.5.5.7.48.1";
    public const string CaIssuersAccessMethod = "1.3.6.1.5.5.7.48.2";
    public const string SmtpUtf8Mailbox = "1.3.6.1.5.5.7.8.9";
}
