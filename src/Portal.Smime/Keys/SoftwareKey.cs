using System.Formats.Asn1;
using System.Security.Cryptography;
using Portal.Smime.OpenSsl;
using Portal.Smime.Pkix;

namespace Portal.Smime.Keys;

/// <summary>A private key in this process's memory: from a file, or unsealed for as long as one computation takes.</summary>
public sealed class SoftwareKey : IPrivateKey, IDisposable
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _ecdsa;
    private readonly Lazy<ECDiffieHellman>? _agreement;
    private readonly EvpPrivateKey? _curve25519;

    private SoftwareKey(KeyReference reference, ReadOnlySpan<byte> pkcs8)
    {
        Reference = reference;
        switch (Algorithm(pkcs8))
        {
            case Oids.RsaEncryption:
                _rsa = RSA.Create();
                _rsa.ImportPkcs8PrivateKey(pkcs8, out _);
                return;
            case Oids.EcPublicKey:
                _ecdsa = ECDsa.Create();
                _ecdsa.ImportPkcs8PrivateKey(pkcs8, out _);
                var signing = _ecdsa;

                // Each import has the curve's arithmetic done twice, to see that the two halves fit.
                _agreement = new Lazy<ECDiffieHellman>(() => ECDiffieHellman.Create(signing.ExportParameters(includePrivateParameters: true)));
                return;
            case Oids.Ed25519 or Oids.X25519:
                _curve25519 = EvpPrivateKey.Import(pkcs8);
                return;
            default:
                throw new CryptographicException("A private key of a kind that is not supported.");
        }
    }

    public KeyReference Reference { get; }

    /// <summary>For whoever puts it somewhere, and disposes of it.</summary>
    public static AsymmetricAlgorithm NewPair(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.Rsa2048 => RSA.Create(2048),
        KeyAlgorithm.Rsa3072 => RSA.Create(3072),
        KeyAlgorithm.Rsa4096 => RSA.Create(4096),
        KeyAlgorithm.P256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        KeyAlgorithm.P384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        KeyAlgorithm.P521 => ECDsa.Create(ECCurve.NamedCurves.nistP521),
    };

    /// <param name="pkcs8">PrivateKeyInfo (RFC 5958) of RSA, an elliptic curve, Ed25519 or X25519; not kept.</param>
    /// <param name="reference">By which it is known.</param>
    /// <exception cref="CryptographicException">It is none.</exception>
    public static SoftwareKey Import(ReadOnlySpan<byte> pkcs8, KeyReference reference)
    {
        try
        {
            return new SoftwareKey(reference, pkcs8);
        }
        catch (AsnContentException exception)
        {
            throw new CryptographicException("Not a PrivateKeyInfo.", exception);
        }
    }

    /// <summary>DER.</summary>
    public byte[] SubjectPublicKeyInfo() => _curve25519 is { } key
        ? Curve25519PublicKey.Encode(key.IsEd25519 ? Oids.Ed25519 : Oids.X25519, key.PublicKey())
        : ((AsymmetricAlgorithm?)_rsa ?? _ecdsa)!.ExportSubjectPublicKeyInfo();

    public Task<ReadOnlyMemory<byte>> SignDigestAsync(ReadOnlyMemory<byte> digest, SignatureScheme scheme, CancellationToken cancellationToken)
    {
        var hash = scheme.Hash();
        Demand(!scheme.SignsMessages(), $"{scheme} takes no digest.");
        Demand(digest.Length == DigestAlgorithms.Length(hash), "The digest is not as long as the scheme says.");
        Demand(scheme.IsRsa() ? _rsa is not null : _ecdsa is not null, $"The key {Reference} does not sign by {scheme}.");
        return Task.FromResult<ReadOnlyMemory<byte>>(scheme.IsRsa()
            ? _rsa!.SignHash(digest.Span, hash, scheme.IsPss() ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1)
            : _ecdsa!.SignHash(digest.Span, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    public Task<ReadOnlyMemory<byte>> SignMessageAsync(ReadOnlyMemory<byte> message, SignatureScheme scheme, CancellationToken cancellationToken)
    {
        Demand(scheme == SignatureScheme.Ed25519 && _curve25519 is { IsEd25519: true }, $"The key {Reference} does not sign by {scheme}.");
        return Task.FromResult<ReadOnlyMemory<byte>>(_curve25519!.Sign(message.Span));
    }

    public Task<ReadOnlyMemory<byte>> UnwrapKeyAsync(
        ReadOnlyMemory<byte> encryptedKey,
        KeyTransportScheme scheme,
        CancellationToken cancellationToken)
    {
        Demand(_rsa is not null, $"The key {Reference} is no RSA key.");
        try
        {
            return Task.FromResult<ReadOnlyMemory<byte>>(_rsa!.Decrypt(encryptedKey.Span, scheme.Padding()));
        }
        catch (CryptographicException)
        {
            return Task.FromResult(ReadOnlyMemory<byte>.Empty);
        }
    }

    public Task<ReadOnlyMemory<byte>> DeriveAsync(ReadOnlyMemory<byte> peerPublicKey, CancellationToken cancellationToken)
    {
        Demand(_agreement is not null || _curve25519 is { IsEd25519: false }, $"The key {Reference} agrees on no keys.");
        var secret = _curve25519 is { } key ? key.Derive(peerPublicKey.Span) : Derive(_agreement!.Value, peerPublicKey.Span);
        return secret is null
            ? throw new KeyStoreException(KeyStoreFailure.Refused, "The peer's public key is none of this key's curve.")
            : Task.FromResult<ReadOnlyMemory<byte>>(secret);
    }

    public void Dispose()
    {
        _rsa?.Dispose();
        _ecdsa?.Dispose();
        if (_agreement is { IsValueCreated: true })
        {
            _agreement.Value.Dispose();
        }

        _curve25519?.Dispose();
    }

    private static string Algorithm(ReadOnlySpan<byte> pkcs8)
    {
        var fields = new AsnReader(pkcs8.ToArray(), AsnEncodingRules.BER).ReadSequence();
        fields.ReadInteger();
        return AlgorithmIdentifier.Read(fields).Algorithm;
    }

    /// <returns>The x coordinate, as long as the field; null for a peer that is no point of this curve.</returns>
    private static byte[]? Derive(ECDiffieHellman ours, ReadOnlySpan<byte> peerPublicKey)
    {
        using var theirs = ECDiffieHellman.Create();
        try
        {
            theirs.ImportSubjectPublicKeyInfo(peerPublicKey, out var read);
            if (read != peerPublicKey.Length || !SameCurve(ours, theirs))
            {
                return null;
            }

            using var peer = theirs.PublicKey;
            return ours.DeriveRawSecretAgreement(peer);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // Curves by their own parameters are refused: a name is all that can be compared.
    private static bool SameCurve(ECDiffieHellman ours, ECDiffieHellman theirs)
    {
        var (mine, other) = (ours.ExportParameters(false).Curve, theirs.ExportParameters(false).Curve);
        return mine.IsNamed && other.IsNamed && mine.Oid.Value == other.Oid.Value;
    }

    private static void Demand(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new KeyStoreException(KeyStoreFailure.Refused, otherwise);
        }
    }
}
