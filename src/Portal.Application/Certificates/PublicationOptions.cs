namespace Portal.Application.Certificates;

/// <summary>Where others find revocation lists, responders and the certificates of authorities.</summary>
internal sealed class PublicationOptions
{
    public const string Section = "Portal:Certificates";

    /// <summary>
    /// Begins with http:// (the lists and answers are signed, and whoever checks a certificate must not need one for that), and
    /// has to stay: it stands in certificates. Without it, PublicAddress with http:// in front; below /pki/ it must not lead to https.
    /// </summary>
    public Uri? PublicationAddress { get; init; }

    /// <summary>PEM: the authorities that mail programs everywhere trust, for certificates that sign notices. Without it, those that this machine trusts.</summary>
    public string? PublicAuthorities { get; init; }

    public bool IsValid() => PublicationAddress is null || (PublicationAddress.IsAbsoluteUri && PublicationAddress.Scheme == Uri.UriSchemeHttp);
}
