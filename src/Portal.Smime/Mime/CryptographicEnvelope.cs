using Portal.Smime.Cms;
using Portal.Smime.Pkix;

namespace Portal.Smime.Mime;

/// <summary>
/// The layers that lie around a message's payload without anything beside them (RFC 9787 §3.1), opened one after the
/// other. A cryptographic part further inside is not looked into: it would be an oracle (threat: EFAIL).
/// </summary>
internal sealed class CryptographicEnvelope(OpeningContext context) : IAsyncDisposable
{
    private readonly ContentKeys _keys = new(context);
    private readonly List<OpenedLayer> _layers = [];

    public HeaderBlock Header { get; private set; } = new([], 0);

    /// <summary>Of the payload; the outer one when nothing was peeled off.</summary>
    public HeaderBlock PayloadHeader { get; private set; } = new([], 0);

    /// <summary>Of the message that is the payload, when it is message/rfc822 inside a layer.</summary>
    public HeaderBlock? WrappedHeader { get; private set; }

    public IReadOnlyList<OpenedLayer> Layers => _layers;

    public IReadOnlyList<ErrantLayer> ErrantLayers { get; private set; } = [];

    /// <summary>The payload is application/pkcs10.</summary>
    public CertificationRequestReading? CertificationRequest { get; private set; }

    /// <summary>Null when <see cref="Failure"/> is not.</summary>
    public Stream? Payload { get; private set; }

    public OpeningFailure? Failure { get; private set; }

    public async Task OpenAsync(Stream message, CancellationToken cancellationToken)
    {
        try
        {
            await OpenLayersAsync(message, cancellationToken);
        }
        catch (Exception exception) when (OpeningFailures.Of(exception) is { } failure)
        {
            Failure = failure;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var layer in _layers)
        {
            if (layer.Owned is { } owned)
            {
                await owned.DisposeAsync();
            }

            layer.Key?.Dispose();
        }
    }

    private async Task OpenLayersAsync(Stream entity, CancellationToken cancellationToken)
    {
        var allowance = new InflationAllowance(entity.Length, context.Limits.MessageBytes);
        while (true)
        {
            var errant = await StructureScan.RunAsync(entity, context.Limits, cancellationToken);
            var header = await HeaderBlock.ReadAsync(entity, context.Limits, cancellationToken);
            Header = _layers.Count == 0 ? header : Header;
            var form = header.Media.Form;
            if (form == EntityForm.Plain)
            {
                (Payload, ErrantLayers, PayloadHeader) = (entity, errant, header);
                WrappedHeader = await ReadWrappedAsync(entity, header, cancellationToken);
                CertificationRequest = header.Media.IsCertificationRequest ? await ReadRequestAsync(entity, header, cancellationToken) : null;
                return;
            }

            if (_layers.Count >= context.Limits.Layers)
            {
                Failure = new OpeningFailure(OpeningFailureKind.TooDeep, "layers");
                return;
            }

            var layer = form == EntityForm.ClearSigned
                ? await ClearSignedOpener.OpenAsync(entity, header, context.Limits, cancellationToken)
                : await Pkcs7MimeOpener.OpenAsync(entity, header, _keys, allowance, context.Limits, cancellationToken);
            await KeepAsync(layer);
            if (layer.Payload is null)
            {
                Failure = layer.Failure;
                return;
            }

            // Nothing was peeled off: the entity is shown as it is.
            if (ReferenceEquals(layer.Payload, entity))
            {
                (Payload, ErrantLayers, PayloadHeader) = (entity, errant, header);
                return;
            }

            entity = layer.Payload;
        }
    }

    /// <summary>The payload without the header that only said message/rfc822.</summary>
    public void Unwrap() => Payload = new RangeStream(Payload!, PayloadHeader.BodyOffset, Math.Max(0, Payload!.Length - PayloadHeader.BodyOffset));

    private async Task<HeaderBlock?> ReadWrappedAsync(Stream entity, HeaderBlock header, CancellationToken cancellationToken)
    {
        if (!_layers.Exists(layer => layer.IsSigned || layer.IsEncrypted)
            || header.Media.Type?.IsMimeType("message", "rfc822") != true)
        {
            return null;
        }

        var message = new RangeStream(entity, header.BodyOffset, Math.Max(0, entity.Length - header.BodyOffset));
        return await HeaderBlock.ReadAsync(message, context.Limits, cancellationToken);
    }

    private async Task<CertificationRequestReading> ReadRequestAsync(Stream entity, HeaderBlock header, CancellationToken cancellationToken)
    {
        try
        {
            using var body = new CmsBody(entity, header, context.Limits);
            var request = await body.Reader.ReadElementAsync("CertificationRequest", cancellationToken);
            return await body.Reader.IsAtEndAsync(cancellationToken) ? Pkix.CertificationRequest.Read(request) : new CertificationRequestReading.Malformed();
        }
        catch (Exception exception) when (OpeningFailures.Of(exception) is not null)
        {
            return new CertificationRequestReading.Malformed();
        }
    }

    // A layer whose content lives in bytes of its own makes those of the outer layers needless.
    private async Task KeepAsync(OpenedLayer layer)
    {
        for (var index = 0; layer.Owned is not null && index < _layers.Count; index++)
        {
            if (_layers[index].Owned is { } owned)
            {
                await owned.DisposeAsync();
                _layers[index] = _layers[index] with { Owned = null };
            }
        }

        _layers.Add(layer);
    }
}
