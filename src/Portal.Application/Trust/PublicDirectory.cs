using Microsoft.EntityFrameworkCore;
using Portal.Application.Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Pkix;

namespace Portal.Application.Trust;

/// <param name="Certificate">DER: the one that mail is encrypted for.</param>
/// <param name="WithChain">A certs-only message (RFC 8551 §3.6): with it, those between it and its root.</param>
public sealed record DirectoryEntry(byte[] Certificate, byte[] WithChain);

/// <summary>Our own people's certificates, for whoever wants to encrypt mail for them: everybody, where an organisation wants that; otherwise only its own people.</summary>
public sealed class PublicDirectory
{
    private static readonly OrganisationId Nobody = new(Guid.Empty);

    private readonly PortalDatabase _database;
    private readonly IDirectory _directory;
    private readonly RecipientCertificates _recipients;

    internal PublicDirectory(PortalDatabase database, IDirectory directory, RecipientCertificates recipients) =>
        (_database, _directory, _recipients) = (database, directory, recipients);

    /// <param name="address">As whoever asks has typed it.</param>
    /// <param name="asker">Who is signed in; null for everybody.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null for an address of which nothing is told, for whatever reason.</returns>
    public async Task<DirectoryEntry?> FindAsync(string address, Actor.Person? asker, CancellationToken cancellationToken)
    {
        if (!AddrSpec.TryParse(address.Trim(), out var parsed) || await _directory.FindMailboxAsync(AddressKey.Of(parsed), asker?.Organisation ?? Nobody, cancellationToken) is not { } place)
        {
            return null;
        }

        await using (var db = await _database.ReadAsync(place.Organisation, cancellationToken))
        {
            var isPublic = (await db.Organisations.SingleAsync(one => one.Id == place.Organisation, cancellationToken)).Policy.PublishesCertificates;
            if (!isPublic && asker?.Organisation != place.Organisation)
            {
                return null;
            }
        }

        if ((await _recipients.CandidatesAsync(place.Organisation, parsed, cancellationToken)).Chosen is not { } chosen)
        {
            return null;
        }

        await using var read = await _database.ReadAsync(place.Organisation, cancellationToken);
        var chain = await CertificateChains.AboveAsync(read, chosen.Row, cancellationToken);
        return new DirectoryEntry(chosen.Certificate.RawData, CertsOnly.Write([chosen.Certificate, .. chain]));
    }
}
