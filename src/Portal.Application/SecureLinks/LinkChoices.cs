using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Application.SecureLinks;

/// <summary>What a sender asks of those who read by a link.</summary>
/// <param name="PassPhrase">That they told them another way; empty for none.</param>
/// <param name="Days">How long it can be read; null as the organisation has it.</param>
/// <param name="OpensOnce">Whoever has opened it and left does not open it again.</param>
/// <param name="ForbidsDownloads">Nothing of it is given as a file.</param>
/// <param name="HasWatermark">The reader's address is drawn over the text.</param>
/// <param name="Groups">Addresses that several people read, separated by blanks.</param>
/// <param name="AsksOwnProof">Whoever has a passkey or an app here shows it: a code does not open it for them.</param>
public sealed record LinkChoices(string PassPhrase, int? Days, bool OpensOnce, bool ForbidsDownloads, bool HasWatermark, string Groups = "", bool AsksOwnProof = false)
{
    public const int ShortestPassPhrase = 6;
    public const int LongestPassPhrase = 100;

    public static LinkChoices None { get; } = new(string.Empty, null, false, false, false);

    /// <summary>Long enough to count.</summary>
    public bool HasPassPhrase => PassPhrases.Normalised(PassPhrase).Length >= ShortestPassPhrase;

    /// <summary>Something is typed that is too short.</summary>
    public bool IsPassPhraseTooShort => PassPhrase.Length > 0 && !HasPassPhrase;

    public bool IsGroup(string address) => Groups.Split(' ').Contains(address, StringComparer.OrdinalIgnoreCase);

    public LinkChoices WithGroup(string address, bool isGroup)
    {
        var others = Groups.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(one => !one.Equals(address, StringComparison.OrdinalIgnoreCase));
        return this with { Groups = string.Join(' ', isGroup ? others.Append(address) : others) };
    }

    public override string ToString() => nameof(LinkChoices);
}

/// <summary>Phrases that are told by telephone: capital letters, blanks and accents typed in one way or another do not count.</summary>
internal static class PassPhrases
{
    private const int SaltLength = 16;
    private const int HashLength = 32;

    public static string Normalised(string phrase) =>
        string.Concat(phrase.Normalize(NormalizationForm.FormKC).Where(one => !char.IsWhiteSpace(one))).ToLower(CultureInfo.InvariantCulture);

    /// <returns>Salt and PBKDF2 (RFC 8018, HMAC-SHA-512), to be stored.</returns>
    public static byte[] Hash(string phrase)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return [.. salt, .. Derive(phrase, salt)];
    }

    public static bool Is(byte[] hash, string phrase) => CryptographicOperations.FixedTimeEquals(hash.AsSpan(SaltLength), Derive(phrase, hash[..SaltLength]));

    private static byte[] Derive(string phrase, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(Normalised(phrase), salt, Accounts.AccountServices.HashIterations, HashAlgorithmName.SHA512, HashLength);
}
