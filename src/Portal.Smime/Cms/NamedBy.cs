namespace Portal.Smime.Cms;

/// <summary>How a SignerInfo or RecipientInfo says whose it is (RFC 5652 §5.3, §6.2.1).</summary>
public enum NamedBy
{
    /// <summary>What every reader understands.</summary>
    IssuerAndSerialNumber,

    /// <summary>Only for a certificate with the extension.</summary>
    SubjectKeyIdentifier,
}
