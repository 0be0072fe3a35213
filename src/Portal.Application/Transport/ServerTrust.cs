// RS0030: TLS, not mail: a server's chain is the platform's business.
#pragma warning disable RS0030
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Portal.Application.Transport;

/// <summary>A certificate that a server showed and that was not accepted.</summary>
internal sealed record RefusedCertificate(IReadOnlyList<string> Names, string Issuer, DateTimeOffset NotBefore, DateTimeOffset NotAfter, bool IsOfOther);

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

    /// <summary>The same judgement, watched.</summary>
    /// <param name="shown">Called for every certificate, with null for one that is accepted.</param>
    public RemoteCertificateValidationCallback Watched(Action<RefusedCertificate?> shown) => (sender, certificate, chain, errors) =>
    {
        var accepted = Accepts(sender, certificate, chain, errors);
        shown(accepted || certificate is not X509Certificate2 refused ? null : Describe(refused, errors));
        return accepted;
    };

    private static RefusedCertificate Describe(X509Certificate2 certificate, SslPolicyErrors errors)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(one => one.EnumerateDnsNames()).Take(10).ToList();
        return new RefusedCertificate(
            names.Count > 0 ? names : [certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)],
            certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true),
            new DateTimeOffset(certificate.NotBefore).ToUniversalTime(),
            new DateTimeOffset(certificate.NotAfter).ToUniversalTime(),
            errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch));
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
