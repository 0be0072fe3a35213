using System.Formats.Asn1;
using System.Security.Cryptography;
using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>Turns what hostile bytes provoke into an outcome: the engine's one boundary between parsing by exception and answering by value.</summary>
internal static class OpeningFailures
{
    /// <returns>Null for exceptions that are not about the bytes.</returns>
    public static OpeningFailure? Of(Exception exception) => exception switch
    {
        UnreadableException unreadable => new OpeningFailure(Kind(unreadable.Reason), unreadable.Detail),
        AsnContentException => new OpeningFailure(OpeningFailureKind.Malformed, "ASN.1"),
        CryptographicException => new OpeningFailure(OpeningFailureKind.Malformed, "cryptography"),
        _ => null,
    };

    private static OpeningFailureKind Kind(Unreadable reason) => reason switch
    {
        Unreadable.Malformed => OpeningFailureKind.Malformed,
        Unreadable.TooLarge => OpeningFailureKind.TooLarge,
        Unreadable.TooDeep => OpeningFailureKind.TooDeep,
        Unreadable.ContentMissing => OpeningFailureKind.ContentMissing,
        Unreadable.UnsupportedAlgorithm => OpeningFailureKind.UnsupportedAlgorithm,
    };
}
