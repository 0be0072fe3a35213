using System.Runtime.InteropServices;
using System.Security.Cryptography;
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
            if (infos.Find(info => info.Scheme is not null) is not { Scheme: { } scheme } info)
            {
                var algorithm = infos.Count == 0 ? null : infos[0].Recipient.Algorithm;
                failure = Graver(failure, new OpeningFailure(OpeningFailureKind.UnsupportedAlgorithm, algorithm));
                continue;
            }

            switch (await UnwrapAsync(key.Key, info.EncryptedKey, scheme, cipher, cancellationToken))
            {
                case Unwrapping.Recovered recovered when await tryOpen(recovered.Key):
                    return null;
                case Unwrapping.Recovered:
                    failure = Graver(failure, new OpeningFailure(OpeningFailureKind.DecryptionFailed));
                    break;
                case Unwrapping.Impossible impossible:
                    failure = Graver(failure, impossible.Failure);
                    break;
            }
        }

        return failure;
    }

    // RFC 3218 §2.3.2: a key that does not unwrap becomes a random one, and fails where any wrong key fails.
    private static async Task<Unwrapping> UnwrapAsync(
        IPrivateKey key,
        ReadOnlyMemory<byte> encryptedKey,
        KeyTransportScheme scheme,
        ContentCipher cipher,
        CancellationToken cancellationToken)
    {
        var substitute = RandomNumberGenerator.GetBytes(cipher.KeyLength());
        var unwrapped = ReadOnlyMemory<byte>.Empty;
        try
        {
            unwrapped = await key.UnwrapKeyAsync(encryptedKey, scheme, cancellationToken);
            var bytes = unwrapped.Length == substitute.Length ? unwrapped : substitute;
            return new Unwrapping.Recovered(new ContentEncryptionKey(cipher, bytes.Span));
        }
        catch (KeyStoreException exception)
        {
            return new Unwrapping.Impossible(new OpeningFailure(exception.Failure switch
            {
                KeyStoreFailure.Unavailable => OpeningFailureKind.KeyUnavailable,
                KeyStoreFailure.NotFound => OpeningFailureKind.NoMatchingKey,
                KeyStoreFailure.Refused or KeyStoreFailure.NotSupported => OpeningFailureKind.KeyRefused,
            }));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(substitute);
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsMemory(unwrapped).Span);
        }
    }

    // What trying again could change outranks what it could not.
    private static OpeningFailure Graver(OpeningFailure one, OpeningFailure other) => Rank(other) > Rank(one) ? other : one;

    private static int Rank(OpeningFailure failure) => failure.Kind switch
    {
        OpeningFailureKind.KeyUnavailable => 4,
        OpeningFailureKind.KeyRefused => 3,
        OpeningFailureKind.DecryptionFailed => 2,
        OpeningFailureKind.UnsupportedAlgorithm => 1,
        OpeningFailureKind.NoMatchingKey or OpeningFailureKind.Malformed or OpeningFailureKind.TooLarge or OpeningFailureKind.TooDeep => 0,
    };

    private abstract record Unwrapping
    {
        public sealed record Recovered(ContentEncryptionKey Key) : Unwrapping;

        public sealed record Impossible(OpeningFailure Failure) : Unwrapping;
    }
}
