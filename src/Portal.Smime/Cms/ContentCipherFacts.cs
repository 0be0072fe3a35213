namespace Portal.Smime.Cms;

/// <summary>What is known of each cipher.</summary>
public static class ContentCipherFacts
{
    private const string Rc2Cbc = "1.2.840.113549.3.2";

    private static readonly ContentCipher[] All = Enum.GetValues<ContentCipher>();

    /// <summary>Bytes.</summary>
    internal static int KeyLength(this ContentCipher cipher) => cipher switch
    {
        ContentCipher.Rc2Cbc40 => 5,
        ContentCipher.Rc2Cbc64 => 8,
        ContentCipher.Aes128Gcm or ContentCipher.Aes128Cbc or ContentCipher.Rc2Cbc128 => 16,
        ContentCipher.Aes192Gcm or ContentCipher.Aes192Cbc or ContentCipher.TripleDesCbc => 24,
        ContentCipher.Aes256Gcm or ContentCipher.Aes256Cbc => 32,
    };

    public static bool IsAuthenticated(this ContentCipher cipher) =>
        cipher is ContentCipher.Aes128Gcm or ContentCipher.Aes192Gcm or ContentCipher.Aes256Gcm;

    /// <summary>Read where it comes, reported as weak, never written.</summary>
    public static bool IsLegacy(this ContentCipher cipher) => cipher == ContentCipher.TripleDesCbc || cipher.IsRc2();

    internal static bool IsRc2(this ContentCipher cipher) =>
        cipher is ContentCipher.Rc2Cbc128 or ContentCipher.Rc2Cbc64 or ContentCipher.Rc2Cbc40;

    /// <summary>Bytes: 12 for GCM (RFC 5084 §3.2), one block for CBC (RFC 3565 §2.2).</summary>
    internal static int NonceLength(this ContentCipher cipher) => cipher.IsAuthenticated() ? 12 : cipher.IsLegacy() ? 8 : 16;

    public static string ObjectIdentifier(this ContentCipher cipher) => cipher switch
    {
        ContentCipher.Aes128Cbc => "2.16.840.1.101.3.4.1.2",
        ContentCipher.Aes128Gcm => "2.16.840.1.101.3.4.1.6",
        ContentCipher.Aes192Cbc => "2.16.840.1.101.3.4.1.22",
        ContentCipher.Aes192Gcm => "2.16.840.1.101.3.4.1.26",
        ContentCipher.Aes256Cbc => "2.16.840.1.101.3.4.1.42",
        ContentCipher.Aes256Gcm => "2.16.840.1.101.3.4.1.46",
        ContentCipher.TripleDesCbc => "1.2.840.113549.3.7",
        ContentCipher.Rc2Cbc128 or ContentCipher.Rc2Cbc64 or ContentCipher.Rc2Cbc40 => Rc2Cbc,
    };

    /// <returns>Null for a cipher that we do not open; for RC2, whose strength is in its parameters, the strongest.</returns>
    internal static ContentCipher? Find(string objectIdentifier)
    {
        foreach (var cipher in All)
        {
            if (cipher.ObjectIdentifier() == objectIdentifier)
            {
                return cipher;
            }
        }

        return null;
    }
}
