namespace Portal.Smime.Keys;

/// <summary>RFC 3370, RFC 4056, RFC 5754, RFC 8419. ECDSA values are r‖s of fixed length (IEEE P1363), as key stores return them.</summary>
public enum SignatureScheme
{
    RsaPkcs1Sha256,
    RsaPkcs1Sha384,
    RsaPkcs1Sha512,
    RsaPssSha256,
    RsaPssSha384,
    RsaPssSha512,
    EcdsaSha256,
    EcdsaSha384,
    EcdsaSha512,
    Ed25519,
}
