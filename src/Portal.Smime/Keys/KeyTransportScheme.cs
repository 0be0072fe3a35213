namespace Portal.Smime.Keys;

/// <summary>RFC 3370 §4.2.1 and RFC 3560; MGF1 uses the same digest as OAEP.</summary>
public enum KeyTransportScheme
{
    RsaPkcs1,
    RsaOaepSha1,
    RsaOaepSha256,
    RsaOaepSha384,
    RsaOaepSha512,
}
