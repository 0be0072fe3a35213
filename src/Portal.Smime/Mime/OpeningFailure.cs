namespace Portal.Smime.Mime;

public enum OpeningFailureKind
{
    /// <summary>None of the recipients is one of ours.</summary>
    NoMatchingKey,

    /// <summary>The key store does not answer now; open again later.</summary>
    KeyUnavailable,

    /// <summary>The key store will not, or cannot, use this key for this.</summary>
    KeyRefused,

    /// <summary>Wrong key, wrong padding, wrong tag, no sense: one outcome for all.</summary>
    DecryptionFailed,

    UnsupportedAlgorithm,

    /// <summary>A signature alone, whose content is elsewhere: it can be neither shown nor checked.</summary>
    ContentMissing,

    Malformed,
    TooLarge,
    TooDeep,
}

/// <param name="Kind">What happened.</param>
/// <param name="Detail">An object identifier, or the name of the limit or structure; never content.</param>
public sealed record OpeningFailure(OpeningFailureKind Kind, string? Detail = null);
