using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Portal.Smime.Pkix;

/// <summary>The addresses that a certificate vouches for: rfc822Name and SmtpUTF8Mailbox of subjectAltName, never the subject.</summary>
public static class MailAddresses
{
    /// <returns>Without duplicates; malformed ones (NUL, blanks, quoting, trailing dot) are left out.</returns>
    public static IReadOnlyList<AddrSpec> Of(X509Certificate2 certificate)
    {
        // RFC 5280 §4.2: an extension occurs once. Two of them are a trick, and then there is none.
        var addresses = new List<AddrSpec>();
        foreach (var name in ParsedCertificate.Of(certificate)?.Extensions.SubjectAltName ?? [])
        {
            // RFC 9598 §3: only what rfc822Name cannot hold.
            var isInForm = !name.IsSmtpUtf8Mailbox || !Ascii.IsValid(name.Text.AsSpan(0, Math.Max(0, name.Text.LastIndexOf('@'))));
            if (name.IsMailbox && isInForm && AddrSpec.TryParse(name.Text, out var address) && !addresses.Contains(address))
            {
                addresses.Add(address);
            }
        }

        return addresses;
    }
}
