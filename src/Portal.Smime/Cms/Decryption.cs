namespace Portal.Smime.Cms;

internal abstract record Decryption
{
    private Decryption()
    {
    }

    /// <summary>Padding fits (CBC) or the tag does (GCM).</summary>
    public sealed record Authentic : Decryption;

    /// <summary>Why is nobody's business: key, padding, tag and its length look alike.</summary>
    public sealed record Failed : Decryption;

    /// <summary>Attributes behind the ciphertext are authenticated before it: decrypt once more, with them.</summary>
    public sealed record AttributesFound(byte[] Attributes) : Decryption;
}
