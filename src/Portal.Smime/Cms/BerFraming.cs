namespace Portal.Smime.Cms;

/// <summary>Hand-made BER for what is too long to be DER: indefinite lengths around content in 64 KB pieces (X.690 §8.1.3.6).</summary>
internal static class BerFraming
{
    /// <summary>Content bytes of one OCTET STRING piece.</summary>
    public const int PieceLength = 64 * 1024;

    /// <summary>Bytes that <see cref="PieceHeader"/> takes at most.</summary>
    public const int LongestPieceHeader = 5;

    /// <summary>Tag and indefinite length.</summary>
    public static byte[] Open(byte tag) => [tag, 0x80];

    /// <summary>End-of-contents octets for so many open elements.</summary>
    public static byte[] Close(int elements) => new byte[2 * elements];

    /// <param name="length">Content bytes, 0 to 65,536.</param>
    /// <param name="header">Receives tag and length.</param>
    /// <returns>Bytes written.</returns>
    public static int PieceHeader(int length, Span<byte> header)
    {
        header[0] = ContentInfo.OctetString;
        switch (length)
        {
            case < 0x80:
                header[1] = (byte)length;
                return 2;
            case <= 0xffff:
                header[1] = 0x82;
                header[2] = (byte)(length >> 8);
                header[3] = (byte)length;
                return 4;
            default:
                header[1] = 0x83;
                header[2] = (byte)(length >> 16);
                header[3] = (byte)(length >> 8);
                header[4] = (byte)length;
                return 5;
        }
    }
}
