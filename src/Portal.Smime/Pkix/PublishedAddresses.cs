using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>Where a certificate says that more about it is published, as it stands there: whatever scheme, a stranger's words.</summary>
/// <param name="RevocationLists">cRLDistributionPoints (RFC 5280 §4.2.1.13).</param>
/// <param name="Responders">OCSP (RFC 5280 §4.2.2.1).</param>
/// <param name="IssuerCertificates">caIssuers (RFC 5280 §4.2.2.1).</param>
public sealed record PublishedAddresses(IReadOnlyList<string> RevocationLists, IReadOnlyList<string> Responders, IReadOnlyList<string> IssuerCertificates)
{
    /// <summary>Of each kind; nobody needs more.</summary>
    private const int Most = 10;

    /// <returns>What can be read of it.</returns>
    public static PublishedAddresses Of(X509Certificate2 certificate)
    {
        var lists = (ParsedCertificate.Of(certificate)?.Extensions.DistributionPoints ?? [])
            .SelectMany(point => point.Name?.FullNames ?? [])
            .Where(name => name.Form == GeneralNameForm.UniformResourceIdentifier)
            .Select(name => name.Text);
        var access = Access(certificate);
        return new PublishedAddresses(
            [.. lists.Take(Most)],
            [.. access.Where(one => one.Method == Oids.OcspAccessMethod).Select(one => one.Address).Take(Most)],
            [.. access.Where(one => one.Method == Oids.CaIssuersAccessMethod).Select(one => one.Address).Take(Most)]);
    }

    private static List<(string Method, string Address)> Access(X509Certificate2 certificate)
    {
        var found = new List<(string, string)>();
        try
        {
            if (certificate.Extensions.FirstOrDefault(one => one.Oid?.Value == Oids.AuthorityInfoAccess) is { } extension)
            {
                var descriptions = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (descriptions.HasData)
                {
                    var description = descriptions.ReadSequence();
                    var method = description.ReadObjectIdentifier();
                    if (GeneralName.Read(description) is { Form: GeneralNameForm.UniformResourceIdentifier } name)
                    {
                        found.Add((method, name.Text));
                    }
                }
            }
        }
        catch (AsnContentException)
        {
            // What came before it can be read.
        }

        return found;
    }
}
