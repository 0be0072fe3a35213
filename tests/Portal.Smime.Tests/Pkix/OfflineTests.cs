using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

/// <summary>Addresses inside certificates are never visited (threat: certificates that make the server fetch).</summary>
public sealed class OfflineTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_address_in_a_certificate_is_visited(bool knownAuthority)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/x";
        var wish = new CertificateWish("dora@example.org")
        {
            Further =
            [
                new X509AuthorityInformationAccessExtension([address], [address]),
                CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([address]),
            ],
        };
        var authority = knownAuthority ? Pki.Root : Pki.Stranger.Subordinate("Unknown");
        var person = new Person("dora@example.org", authority.Issue(wish, Pki.Carol.Key), Pki.Carol.Key);
        var signed = await Mail.SignAsync(Mail.Bytes(Mail.Text), person.Signer with { Intermediates = [] });

        foreach (var policy in Enum.GetValues<RevocationPolicy>())
        {
            var trust = new TrustStore([new TrustAnchor(Pki.Root.Certificate, policy)], [], []);
            await Opened.FromAsync(Mail.Message(signed, person.Address), Opened.Context(trust));
        }

        await Task.Delay(100);
        Assert.False(listener.Pending());
    }
}
