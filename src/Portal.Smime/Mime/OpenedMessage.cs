using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Ess;
using Portal.Smime.Pkix;

namespace Portal.Smime.Mime;

/// <summary>A message after every layer of its cryptographic envelope was opened and judged.</summary>
/// <remarks>
/// The payload may read from the raw stream that was given to <see cref="MessageOpener"/>, so that one stays open as
/// long as this. Disposing destroys recovered plaintext and the content-encryption keys; certificates live on, and are shared.
/// </remarks>
public sealed class OpenedMessage : IAsyncDisposable
{
    private readonly IAsyncDisposable _owned;

    internal OpenedMessage(IAsyncDisposable owned) => _owned = owned;

    /// <summary>As it arrived, raw and in order: for the curious, never for display where <see cref="Header"/> says otherwise.</summary>
    public required IReadOnlyList<HeaderField> OuterHeader { get; init; }

    /// <summary>What is to be shown. Names here may be forged: only <see cref="CryptographicSummary.From"/> was judged.</summary>
    public required MessageHeader Header { get; init; }

    public required IReadOnlyList<CryptographicLayer> Layers { get; init; }

    public required IReadOnlyList<ErrantLayer> ErrantLayers { get; init; }

    public required CryptographicSummary Summary { get; init; }

    /// <summary>
    /// The innermost MIME entity, header included, seekable: exactly the bytes that were decrypted and verified; for a
    /// message without layers, the message itself. Null when <see cref="Failure"/> is not.
    /// </summary>
    public required Stream? Payload { get; init; }

    /// <summary>The message is a signed receipt, and its payload empty.</summary>
    public Receipt? Receipt { get; init; }

    /// <summary>The payload is a request for a certificate (application/pkcs10); null when it is none.</summary>
    public CertificationRequestReading? CertificationRequest { get; init; }

    /// <summary>Why there is no payload.</summary>
    public required OpeningFailure? Failure { get; init; }

    /// <summary>One per opened encrypted layer, from the outside in.</summary>
    public required IReadOnlyList<ContentEncryptionKey> ContentEncryptionKeys { get; init; }

    /// <summary>Every certificate that signed layers carried, trusted or not.</summary>
    public required IReadOnlyList<X509Certificate2> Certificates { get; init; }

    public ValueTask DisposeAsync() => _owned.DisposeAsync();
}
