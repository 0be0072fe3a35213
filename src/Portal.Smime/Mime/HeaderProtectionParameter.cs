namespace Portal.Smime.Mime;

/// <summary>RFC 9788 §2.1 and §2.2: the words on the wire.</summary>
internal static class HeaderProtectionParameter
{
    public const string Name = "hp";
    public const string Clear = "clear";
    public const string Cipher = "cipher";
    public const string Outer = "HP-Outer";

    /// <summary>Of the form before.</summary>
    public const string OldName = "protected-headers";
}
