using Portal.Smime;
using Portal.Smime.Cms;
using Portal.Smime.Keys;

namespace Portal.Application.Protection;

/// <summary>How a message is encrypted for one recipient, and why not better.</summary>
/// <param name="Cipher">AES-256-GCM and the like.</param>
/// <param name="KeyManagement">RSA-OAEP, RSA or ECDH.</param>
/// <param name="Downgrades">Names; none when it is the best that we can.</param>
public sealed record AppliedAlgorithms(string Cipher, string KeyManagement, IReadOnlyList<string> Downgrades)
{
    private const char Separator = ';';

    internal static AppliedAlgorithms Of(RecipientAlgorithms chosen) => new(
        AlgorithmNames.Of(chosen.Cipher.ObjectIdentifier()),
        chosen.Scheme switch { null => "ECDH", KeyTransportScheme.RsaPkcs1 => "RSA", _ => "RSA-OAEP" },
        chosen.Downgrades.Select(one => $"{one}").ToList());

    /// <returns>Null for what was not encrypted, or not recorded.</returns>
    public static AppliedAlgorithms? Read(string? record) =>
        record?.Split(Separator) is [var cipher, var keys, var downgrades]
            ? new AppliedAlgorithms(cipher, keys, downgrades.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            : null;

    /// <summary>For the record.</summary>
    public override string ToString() => string.Join(Separator, Cipher, KeyManagement, string.Join(' ', Downgrades));
}
