using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

/// <summary>Whom mail programs everywhere trust, as far as this machine knows.</summary>
internal sealed class PublicAuthorities(IOptions<PublicationOptions> options)
{
    /// <summary>Nothing is asked about revocation.</summary>
    /// <returns>From the certificate up to its root; null when no path leads to one of them.</returns>
    public IReadOnlyList<X509Certificate2>? PathOf(X509Certificate2 certificate, IReadOnlyList<X509Certificate2> further, DateTimeOffset at)
    {
        var anchors = Load().Select(one => new TrustAnchor(one, RevocationPolicy.NotPublished)).ToList();
        return PathValidator.Validate(certificate, new TrustStore(anchors, [], []), further, at) is PathValidation.Valid valid ? valid.Path : null;
    }

    /// <returns>Null for what cannot be read.</returns>
    public static X509Certificate2Collection? Read(string file)
    {
        try
        {
            var given = new X509Certificate2Collection();
            given.ImportFromPemFile(file);
            return given;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return null;
        }
    }

    private X509Certificate2Collection Load()
    {
        if (options.Value.PublicAuthorities is { Length: > 0 } file)
        {
            return Read(file) ?? [];
        }

        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine);
        store.Open(OpenFlags.ReadOnly);
        return store.Certificates;
    }
}
