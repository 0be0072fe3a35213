namespace Portal.Smime.Cms;

/// <summary>RFC 3565 (CBC, in EnvelopedData) and RFC 5084 (GCM, in AuthEnvelopedData). The 192-bit ones are for reading old mail.</summary>
public enum ContentCipher
{
    Aes256Gcm,
    Aes128Gcm,
    Aes256Cbc,
    Aes128Cbc,
    Aes192Gcm,
    Aes192Cbc,
}
