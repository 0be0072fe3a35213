using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>EnvelopedData and AuthEnvelopedData: decrypts into a spool that nobody sees before padding or tag were checked.</summary>
internal static class EncryptedOpener
{
    /// <param name="body">Inside ContentInfo; closed here, and begun anew for each pass that is needed.</param>
    /// <param name="kind">Enveloped or AuthEnveloped.</param>
    /// <param name="keys">Asked once.</param>
    /// <param name="limits">How much is accepted.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<OpenedLayer> OpenAsync(
        CmsBody body,
        LayerKind kind,
        ContentKeys keys,
        OpeningLimits limits,
        CancellationToken cancellationToken)
    {
        var pass = new DecryptionPass(body.Again, kind == LayerKind.AuthEnveloped, limits);
        var head = await pass.ReadHeadAsync(body.Reader, cancellationToken);

        // A key may be far away: nothing is held meanwhile.
        body.Dispose();
        var layer = new OpenedLayer(kind, null)
        {
            Algorithm = head.AlgorithmIdentifier.Algorithm,
            Cipher = head.Algorithm?.Cipher,
            Recipients = head.Recipients.Select(info => info.Recipient).ToList(),
        };
        if (head.Algorithm is not { } algorithm)
        {
            return layer with { Failure = new OpeningFailure(OpeningFailureKind.UnsupportedAlgorithm, ContentEncryptionAlgorithm.Unsupported(head.AlgorithmIdentifier)) };
        }

        if (head.ContentType != Oids.Data)
        {
            return layer with { Failure = new OpeningFailure(OpeningFailureKind.UnsupportedAlgorithm, head.ContentType) };
        }

        OpenedLayer? opened = null;
        try
        {
            var failure = await keys.TryEachAsync(head.Recipients, algorithm.Cipher, TryOpenAsync, cancellationToken);
            return opened ?? layer with { Failure = failure };
        }
        catch (Exception exception) when (OpeningFailures.Of(exception) is { } failure)
        {
            return layer with { Failure = failure };
        }

        async Task<bool> TryOpenAsync(ContentEncryptionKey key)
        {
            try
            {
                if (await pass.DecryptAsync(algorithm, key, cancellationToken) is { } plaintext)
                {
                    opened = layer with { Payload = plaintext, Owned = plaintext, Key = key };
                }

                return opened is not null;
            }
            finally
            {
                if (opened is null)
                {
                    key.Dispose();
                }
            }
        }
    }
}
