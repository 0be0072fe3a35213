// RS0030: TLS, not mail: a server's chain is the platform's business.
#pragma warning disable RS0030
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Portal.Application.Transport;

/// <summary>Which certificates mail servers may show: the system's authorities, and those of a configured file.</summary>
internal sealed class ServerTrust(IOptions<TransportOptions> options)
{
    private readonly Lazy<X509Certificate2Collection> _authorities = new(() =>
    {
        var authorities = new X509Certificate2Collection();
        if (options.Value.ServerAuthorities is { Length: > 0 } file)
        {
            authorities.ImportFromPemFile(file);
        }

        return authorities;
    });

    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        // The name must fit whoever signed it.
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 shown || _authorities.Value.Count == 0)
        {
            return false;
        }

        return IsBelowOurs(shown, chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>());
    }

    private bool IsBelowOurs(X509Certificate2 shown, IEnumerable<X509ChainElement> sent)
    {
        using var ours = new X509Chain();
        ours.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        ours.ChainPolicy.CustomTrustStore.AddRange(_authorities.Value);
        ours.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        ours.ChainPolicy.DisableCertificateDownloads = true;
        foreach (var element in sent)
        {
            ours.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return ours.Build(shown);
    }
}
