namespace Portal.Smime.Cms;

/// <summary>
/// RFC 3565 (CBC, in EnvelopedData) and RFC 5084 (GCM, in AuthEnvelopedData). The 192-bit ones are for reading; those
/// after them are broken or nearly so, and read only. Stored by number: new ones come last.
/// </summary>
public enum ContentCipher
{
    Aes256Gcm,
    Aes128Gcm,
    Aes256Cbc,
    Aes128Cbc,
    Aes192Gcm,
    Aes192Cbc,

    /// <summary>RFC 3370 §5.1.</summary>
    TripleDesCbc,

    /// <summary>RFC 3370 §5.2, with 128 effective bits.</summary>
    Rc2Cbc128,
    Rc2Cbc64,
    Rc2Cbc40,
}
