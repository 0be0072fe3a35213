using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;

namespace Portal.Smime.Tests.Support;

internal sealed record Person(string Address, X509Certificate2 Certificate, AsymmetricAlgorithm Key)
{
    public IPrivateKey PrivateKey => new TestKey(Key);

    public Signer Signer => new(
        Certificate,
        [Pki.Issuing.Certificate],
        PrivateKey,
        Key is RSA ? SignatureScheme.RsaPkcs1Sha256 : SignatureScheme.EcdsaSha256);

    public DecryptionKey[] DecryptionKeys =>
        RecipientIdentifier.AllOf(Certificate).Select(identifier => new DecryptionKey(identifier, PrivateKey)).ToArray();

    public static Person With(string address, AsymmetricAlgorithm key) => With(address, key, new CertificateWish(address));

    public static Person With(string address, AsymmetricAlgorithm key, CertificateWish wish) =>
        new(address, Pki.Issuing.Issue(wish, key), key);

    public RecipientCertificate Recipient(KeyTransportScheme scheme) => new(Certificate, scheme);
}
