using System.Text;
using Portal.Smime.Cms;
using Portal.Smime.Ess;
using Portal.Smime.Mime;

namespace Portal.Cli.Smime;

/// <summary>What is to be done to a message.</summary>
internal sealed class Protection
{
    public IReadOnlyList<Signer> Signers { get; init; } = [];

    public IReadOnlyList<RecipientCertificate> Recipients { get; init; } = [];

    public ContentCipher Cipher { get; init; }

    public bool Opaque { get; init; }

    public SecurityLabel? Label { get; init; }

    public bool RequestsReceipt { get; init; }

    /// <returns>The whole message, protected.</returns>
    /// <exception cref="IOException">In words: it lacks what it needs.</exception>
    public async Task<Stream> ApplyAsync(WrittenMessage written, DateTimeOffset signingTime, CancellationToken cancellationToken)
    {
        if (Signers.Count > 0 && (signingTime - written.Date).Duration() > SigningProperties.LongestDelay)
        {
            throw new IOException(
                $"The message is dated {written.Date:u}, more than a day from now; readers would not accept a signature made now. Without a Date, it is dated now.");
        }

        var isEncrypted = Recipients.Count > 0;
        var outside = isEncrypted && !written.IsLayer ? HeaderConfidentiality.Baseline(written.Header) : written.Header;

        // Readers look for the header in the cryptographic payload (RFC 9788), which lies deeper then.
        var entity = written.IsLayer
            ? written.Entity
            : await ProtectedEntity.OpenAsync(written.Entity, written.Header, isEncrypted ? outside : null, cancellationToken);
        if (Signers.Count > 0)
        {
            var signed = new Spool();
            var properties = new SigningProperties(signingTime) { Services = Services(written) };
            await SignedEntity.WriteAsync(entity, Signers, Opaque ? SignedForm.Opaque : SignedForm.Detached, properties, signed, cancellationToken);
            await signed.CompleteAsync(cancellationToken);
            entity = signed;
        }

        var final = new Spool();
        var head = string.Concat(written.Trace.Concat(outside).Select(field => $"{field.Name}:{field.Value}\r\n")) + "MIME-Version: 1.0\r\n";
        await final.WriteAsync(Encoding.Latin1.GetBytes(head), cancellationToken);
        await using (entity)
        {
            await (isEncrypted
                ? EncryptedEntity.WriteAsync(entity, Recipients, Cipher, final, cancellationToken)
                : entity.CopyToAsync(final, cancellationToken));
        }

        await final.CompleteAsync(cancellationToken);
        return final;
    }

    private EnhancedServices Services(WrittenMessage written) => new()
    {
        SecurityLabel = Label,
        ReceiptRequest = RequestsReceipt
            ? new ReceiptRequest(
                ContentIdentifier.New(),
                new ReceiptsFrom.All(),
                [written.From ?? throw new IOException("Receipts go to the one address in From, and this message has none.")])
            : null,
    };
}
