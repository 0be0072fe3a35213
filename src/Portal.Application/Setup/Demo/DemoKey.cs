using System.Security.Cryptography;
using Portal.Smime.Keys;

namespace Portal.Application.Setup.Demo;

/// <summary>The signing key of somebody outside: it lives for the seconds in which the demo's mail is made.</summary>
internal sealed class DemoKey : IPrivateKey, IDisposable
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _ecdsa;

    private DemoKey(RSA? rsa, ECDsa? ecdsa) => (_rsa, _ecdsa) = (rsa, ecdsa);

    public KeyReference Reference { get; } = new("demo", "outside", "1");

    public SignatureScheme Scheme => _rsa is null ? SignatureScheme.EcdsaSha256 : SignatureScheme.RsaPkcs1Sha256;

    public byte[] SubjectPublicKeyInfo => _rsa?.ExportSubjectPublicKeyInfo() ?? _ecdsa!.ExportSubjectPublicKeyInfo();

    public static DemoKey Rsa() => new(RSA.Create(2048), null);

    public static DemoKey P256() => new(null, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public Task<ReadOnlyMemory<byte>> SignDigestAsync(ReadOnlyMemory<byte> digest, SignatureScheme scheme, CancellationToken cancellationToken) =>
        Task.FromResult<ReadOnlyMemory<byte>>(
            _rsa?.SignHash(digest.ToArray(), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ?? _ecdsa!.SignHash(digest.Span));

    public Task<ReadOnlyMemory<byte>> SignMessageAsync(ReadOnlyMemory<byte> message, SignatureScheme scheme, CancellationToken cancellationToken) =>
        throw NotSupported();

    public Task<ReadOnlyMemory<byte>> UnwrapKeyAsync(ReadOnlyMemory<byte> encryptedKey, KeyTransportScheme scheme, CancellationToken cancellationToken) =>
        throw NotSupported();

    public Task<ReadOnlyMemory<byte>> DeriveAsync(ReadOnlyMemory<byte> peerPublicKey, CancellationToken cancellationToken) => throw NotSupported();

    public void Dispose()
    {
        _rsa?.Dispose();
        _ecdsa?.Dispose();
    }

    private static KeyStoreException NotSupported() => new(KeyStoreFailure.NotSupported, "The demo's outside keys sign digests only.");
}
