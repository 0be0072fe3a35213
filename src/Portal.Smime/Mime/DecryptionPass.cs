using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>Passes over one encrypted structure, each from its beginning.</summary>
internal sealed class DecryptionPass(Func<CmsBody> open, bool authenticated, OpeningLimits limits)
{
    /// <param name="reader">Inside ContentInfo.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public Task<EncryptedDataHead> ReadHeadAsync(BerReader reader, CancellationToken cancellationToken) =>
        Structure(reader).ReadHeadAsync(cancellationToken);

    /// <returns>The plaintext, complete and checked; null when it is not.</returns>
    public async Task<Spool?> DecryptAsync(ContentEncryptionAlgorithm algorithm, ContentEncryptionKey key, CancellationToken cancellationToken)
    {
        byte[]? attributes = null;
        while (true)
        {
            var spool = new Spool(limits.SpoolMemoryBytes);
            try
            {
                var outcome = await DecryptAsync(algorithm, key, attributes, spool, cancellationToken);
                if (outcome is Decryption.Authentic && await IsPlausibleAsync(spool, cancellationToken))
                {
                    return spool;
                }

                await spool.DisposeAsync();
                if (outcome is not Decryption.AttributesFound found)
                {
                    return null;
                }

                // RFC 5083 §2.2: additional data comes behind the ciphertext but has to be fed before it.
                attributes = found.Attributes;
            }
            catch
            {
                await spool.DisposeAsync();
                throw;
            }
        }
    }

    private async Task<Decryption> DecryptAsync(
        ContentEncryptionAlgorithm algorithm,
        ContentEncryptionKey key,
        byte[]? attributes,
        Spool spool,
        CancellationToken cancellationToken)
    {
        using var body = open();
        await ContentInfo.EnterAsync(body.Reader, cancellationToken);
        var reader = Structure(body.Reader);
        await reader.SkipHeadAsync(cancellationToken);
        var outcome = await reader.DecryptAsync(algorithm, key.Bytes, attributes, spool, cancellationToken);
        await ContentInfo.LeaveAsync(body.Reader, cancellationToken);
        await spool.CompleteAsync(cancellationToken);
        return outcome;
    }

    private EncryptedDataReader Structure(BerReader reader) => new(reader, authenticated, limits.CmsLimits());

    // One wrong key in 256 leaves good CBC padding. What then comes out neither begins like an entity nor is text, and
    // is reported as any other failure: otherwise the difference would be a padding oracle (RFC 3218).
    private async Task<bool> IsPlausibleAsync(Spool plaintext, CancellationToken cancellationToken)
    {
        if (authenticated)
        {
            return true;
        }

        using var lines = new LineScanner(plaintext);
        var isPlausible = !await lines.NextAsync(cancellationToken)
            || lines.Line.IsEmpty
            || HeaderBlock.IsField(lines.Line)
            || !lines.Line.ContainsAnyExceptInRange((byte)' ', (byte)'~');
        plaintext.Position = 0;
        return isPlausible;
    }
}
