using System.Security.Cryptography;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

public sealed class MailAddressesTests
{
    // RFC 9598 §3: what rfc822Name can hold has to stand there, where name constraints of every age look.
    [Fact]
    public void SmtpUTF8Mailbox_is_for_what_rfc822Name_cannot_hold()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = ExtensionOf.AltName(NameOf.SmtpUtf8("alice@example.org"), NameOf.SmtpUtf8("dörte@example.org"), NameOf.Mailbox("bob@example.org"));

        var certificate = Pki.Issuing.Issue(new CertificateWish { Further = [names] }, key);

        Assert.Equal(["dörte@example.org", "bob@example.org"], MailAddresses.Of(certificate).Select(address => address.ToString()));
    }
}
