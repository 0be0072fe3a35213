using System.ComponentModel.DataAnnotations;

namespace Portal.KeyStores.Pkcs11;

/// <summary>A token of a hardware security module, or of anything else that speaks PKCS#11, as a key store called NAME; any number of them.</summary>
internal sealed class Pkcs11Options
{
    public const string Sections = "Portal:KeyStores:Pkcs11";
    public const string Section = $"{Sections}:NAME";

    /// <summary>The maker's library, such as /usr/lib/softhsm/libsofthsm2.so.</summary>
    public string Library { get; init; } = string.Empty;

    /// <summary>The token's label.</summary>
    public string Token { get; init; } = string.Empty;

    /// <summary>Of the token's user, from the environment.</summary>
    public string? Pin { get; init; }

    /// <summary>A file with the PIN in its first line, where Pin is not set.</summary>
    public string? PinFile { get; init; }

    /// <summary>How many computations the token makes at once.</summary>
    [Range(1, 256)]
    public int Sessions { get; init; } = 16;
}
