using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>Opens and judges a message: the only way to a verdict.</summary>
public static class MessageOpener
{
    /// <summary>
    /// Whatever the bytes are, this returns. Only cancellation and a message stream or key finder that break their own
    /// promises throw; a key store's failures are outcomes.
    /// </summary>
    /// <param name="message">The raw message, seekable, from its beginning; stays open as long as the result.</param>
    /// <param name="context">What is known and allowed.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<OpenedMessage> OpenAsync(Stream message, OpeningContext context, CancellationToken cancellationToken)
    {
        var envelope = new CryptographicEnvelope(context);
        try
        {
            await envelope.OpenAsync(new RangeStream(message, 0, message.Length), cancellationToken);
            return Describe(envelope, context);
        }
        catch
        {
            await envelope.DisposeAsync();
            throw;
        }
    }

    private static OpenedMessage Describe(CryptographicEnvelope envelope, OpeningContext context)
    {
        // Compressed content and the like have a header inside as well, and nothing that protects it.
        var isProtected = envelope.Payload is not null && envelope.Layers.Any(layer => layer.IsSigned || layer.IsEncrypted);
        var reading = new HeaderProtectionReading(
            envelope.Header, isProtected ? envelope.PayloadHeader : envelope.Header, isProtected ? envelope.WrappedHeader : null);
        var (summary, layers) = SummaryJudgement.Of(envelope.Layers, envelope.Header, reading.Inner, envelope.Payload is not null, context);
        if (reading.Form == HeaderProtectionForm.WrappedMessage)
        {
            envelope.Unwrap();
        }

        if (envelope.Payload is { } payload)
        {
            payload.Position = 0;
        }

        var header = reading.Describe(summary.Verdict == Verdict.SignedValid, summary.Encrypted);
        if (reading.Form != HeaderProtectionForm.None && summary.Verdict != Verdict.SignedValid)
        {
            // What is shown as the sender is what was judged.
            summary = summary with { From = FromField.Single(envelope.Header) };
        }

        return new OpenedMessage(envelope)
        {
            OuterHeader = envelope.Header.Fields,
            Header = header,
            Layers = layers,
            ErrantLayers = envelope.ErrantLayers,
            Summary = summary,
            Payload = envelope.Payload,
            Receipt = envelope.Layers.Select(layer => layer.Receipt).LastOrDefault(receipt => receipt is not null),
            CertificationRequest = envelope.CertificationRequest,
            Failure = envelope.Failure,
            ContentEncryptionKeys = envelope.Layers.Select(layer => layer.Key).OfType<ContentEncryptionKey>().ToList(),
            Certificates = envelope.Layers.SelectMany(layer => layer.Signed?.Certificates ?? []).ToList(),
        };
    }
}
