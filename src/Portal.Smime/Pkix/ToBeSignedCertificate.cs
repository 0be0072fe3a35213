using Portal.Smime.Keys;

namespace Portal.Smime.Pkix;

/// <summary>A TBSCertificate whose serial number can be recorded before anything is signed.</summary>
public sealed class ToBeSignedCertificate
{
    internal ToBeSignedCertificate(byte[] serialNumber, byte[] encoded, SignatureScheme scheme, byte[] issuerPublicKey) =>
        (SerialNumber, Encoded, Scheme, IssuerPublicKey) = (serialNumber, encoded, scheme, issuerPublicKey);

    /// <summary>16 random bytes, positive, big endian.</summary>
    public ReadOnlyMemory<byte> SerialNumber { get; }

    /// <summary>DER.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>The signature algorithm that it names.</summary>
    public SignatureScheme Scheme { get; }

    /// <summary>SubjectPublicKeyInfo that the signature has to verify with.</summary>
    internal byte[] IssuerPublicKey { get; }
}
