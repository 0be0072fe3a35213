using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Ess;

namespace Portal.Smime.Mime;

/// <summary>One layer as opened and not judged yet.</summary>
/// <param name="Kind">What the bytes say.</param>
/// <param name="Payload">The entity inside; null when it could not be opened.</param>
internal sealed record OpenedLayer(LayerKind Kind, Stream? Payload)
{
    public string? Algorithm { get; init; }

    /// <summary>Of an encrypted layer that we can decrypt.</summary>
    public ContentCipher? Cipher { get; init; }

    public IReadOnlyList<Recipient> Recipients { get; init; } = [];

    public OpeningFailure? Failure { get; init; }

    /// <summary>Of a signed receipt; the payload is empty.</summary>
    public Receipt? Receipt { get; init; }

    /// <summary>Null for layers without a readable signature.</summary>
    public SignedContent? Signed { get; init; }

    public ContentEncryptionKey? Key { get; init; }

    /// <summary>What the payload's bytes live in, when they are not the outer layer's.</summary>
    public IAsyncDisposable? Owned { get; init; }

    public bool IsSigned => Kind is LayerKind.ClearSigned or LayerKind.OpaqueSigned or LayerKind.SignedReceipt;

    public bool IsEncrypted => Kind is LayerKind.Enveloped or LayerKind.AuthEnveloped;
}

/// <summary>A SignedData with its content hashed: all that judging needs.</summary>
/// <param name="Structure">Parsed.</param>
/// <param name="Certificates">Those that could be parsed.</param>
/// <param name="Reason">What is wrong with the structure as such.</param>
internal sealed record SignedContent(SignedData Structure, IReadOnlyList<X509Certificate2> Certificates, MessageReason? Reason);
