namespace Portal.Smime.Cms;

internal static class ContentCipherFacts
{
    /// <summary>Bytes.</summary>
    public static int KeyLength(this ContentCipher cipher) => cipher switch
    {
        ContentCipher.Aes128Gcm or ContentCipher.Aes128Cbc => 16,
        ContentCipher.Aes192Gcm or ContentCipher.Aes192Cbc => 24,
        ContentCipher.Aes256Gcm or ContentCipher.Aes256Cbc => 32,
    };

    public static bool IsAuthenticated(this ContentCipher cipher) =>
        cipher is ContentCipher.Aes128Gcm or ContentCipher.Aes192Gcm or ContentCipher.Aes256Gcm;

    /// <summary>Bytes: 12 for GCM (RFC 5084 §3.2), one block for CBC (RFC 3565 §2.2).</summary>
    public static int NonceLength(this ContentCipher cipher) => cipher.IsAuthenticated() ? 12 : 16;

    public static string ObjectIdentifier(this ContentCipher cipher) => cipher switch
    {
        ContentCipher.Aes128Cbc => "2.16.840.1.101.3.4.1.2",
        ContentCipher.Aes128Gcm => "2.16.840.1.101.3.4.1.6",
        ContentCipher.Aes192Cbc => "2.16.840.1.101.3.4.1.22",
        ContentCipher.Aes192Gcm => "2.16.840.1.101.3.4.1.26",
        ContentCipher.Aes256Cbc => "2.16.840.1.101.3.4.1.42",
        ContentCipher.Aes256Gcm => "2.16.840.1.101.3.4.1.46",
    };

    public static ContentCipher? Find(string objectIdentifier)
    {
        foreach (var cipher in Enum.GetValues<ContentCipher>())
        {
            if (cipher.ObjectIdentifier() == objectIdentifier)
            {
                return cipher;
            }
        }

        return null;
    }
}
