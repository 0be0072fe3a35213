using Portal.Smime.Cms;
using Portal.Smime.Keys;

namespace Portal.Smime.Mime;

/// <summary>Finds content-encryption keys for encrypted layers: those known from earlier first, else by asking private keys.</summary>
internal sealed class ContentKeys(OpeningContext context)
{
    private int _layer;

    /// <summary>Tries every key that may fit, one at a time, until one opens the content.</summary>
    /// <param name="recipients">Of the layer.</param>
    /// <param name="cipher">Of the layer.</param>
    /// <param name="tryOpen">Says whether a key opened the content.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when one did, otherwise why none.</returns>
    public async Task<OpeningFailure?> TryEachAsync(
        IReadOnlyList<RecipientInfo> recipients,
        ContentCipher cipher,
        Func<ContentEncryptionKey, Task<bool>> tryOpen,
        CancellationToken cancellationToken)
    {
        if (_layer++ < context.KnownKeys.Count)
        {
            var known = context.KnownKeys[_layer - 1];
            return known.Cipher == cipher && await tryOpen(new ContentEncryptionKey(cipher, known.Bytes.Span))
                ? null
                : new OpeningFailure(OpeningFailureKind.DecryptionFailed);
        }

        try
        {
            return await TryPrivateKeysAsync(recipients, cipher, tryOpen, cancellationToken);
        }
        catch (KeyStoreException exception) when (exception.Failure == KeyStoreFailure.Unavailable)
        {
            return new OpeningFailure(OpeningFailureKind.KeyUnavailable);
        }
    }

    private async Task<OpeningFailure?> TryPrivateKeysAsync(
        IReadOnlyList<RecipientInfo> recipients,
        ContentCipher cipher,
        Func<ContentEncryptionKey, Task<bool>> tryOpen,
        CancellationToken cancellationToken)
    {
        var identifiers = recipients.Select(info => info.Recipient.Identifier)
            .Where(identifier => identifier is not RecipientIdentifier.Unnamed).Distinct().ToList();
        var keys = identifiers.Count == 0 ? [] : await context.Keys.FindAsync(identifiers, cancellationToken);
        var failure = new OpeningFailure(OpeningFailureKind.NoMatchingKey);
        foreach (var key in keys.Take(context.Limits.KeyAttempts))
        {
            var infos = recipients.Where(info => info.Recipient.Identifier == key.Recipient).ToList();
            if (infos.Find(info => info is RecipientInfo.KeyTransport or RecipientInfo.KeyAgreement) is not { } info)
            {
                var algorithm = infos.Count == 0 ? null : infos[0].Recipient.Algorithm;
                failure = Graver(failure, new OpeningFailure(OpeningFailureKind.UnsupportedAlgorithm, algorithm));
                continue;
            }

            try
            {
                if (await tryOpen(await KeyUnwrapping.RecoverAsync(key.Key, info, cipher, cancellationToken)))
                {
                    return null;
                }

                failure = Graver(failure, new OpeningFailure(OpeningFailureKind.DecryptionFailed));
            }
            catch (KeyStoreException exception)
            {
                failure = Graver(failure, Failure(exception));
            }
        }

        return failure;
    }

    private static OpeningFailure Failure(KeyStoreException exception) => new(exception.Failure switch
    {
        KeyStoreFailure.Unavailable => OpeningFailureKind.KeyUnavailable,
        KeyStoreFailure.NotFound => OpeningFailureKind.NoMatchingKey,
        KeyStoreFailure.Refused or KeyStoreFailure.NotSupported => OpeningFailureKind.KeyRefused,
    });

    // What trying again could change outranks what it could not.
    private static OpeningFailure Graver(OpeningFailure one, OpeningFailure other) => Rank(other) > Rank(one) ? other : one;

    private static int Rank(OpeningFailure failure) => failure.Kind switch
    {
        OpeningFailureKind.KeyUnavailable => 4,
        OpeningFailureKind.KeyRefused => 3,
        OpeningFailureKind.DecryptionFailed => 2,
        OpeningFailureKind.UnsupportedAlgorithm => 1,
        OpeningFailureKind.NoMatchingKey or OpeningFailureKind.ContentMissing or OpeningFailureKind.Malformed
            or OpeningFailureKind.TooLarge or OpeningFailureKind.TooDeep => 0,
    };
}
