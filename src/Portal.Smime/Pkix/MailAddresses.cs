using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>The addresses that a certificate vouches for: rfc822Name and SmtpUTF8Mailbox of subjectAltName, never the subject.</summary>
public static class MailAddresses
{
    /// <returns>Without duplicates; malformed ones (NUL, blanks, quoting, trailing dot) are left out.</returns>
    public static IReadOnlyList<AddrSpec> Of(X509Certificate2 certificate) => throw new NotImplementedException();
}
