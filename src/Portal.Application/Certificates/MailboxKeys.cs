using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Smime.Cms;
using Portal.Smime.Mime;

namespace Portal.Application.Certificates;

/// <summary>The private keys of one person, for opening mail that came for them; expired and revoked ones open old mail.</summary>
internal sealed class MailboxKeys(PortalDatabase database, KeyBroker.KeyBroker broker, Actor actor, AccountId owner) : IDecryptionKeys
{
    private readonly List<BrokeredKey> _granted = [];

    /// <summary>What became of the keys that were used.</summary>
    public IEnumerable<AuditEvent> Outcomes => _granted.SelectMany(one => one.Outcomes);

    public async Task<IReadOnlyList<DecryptionKey>> FindAsync(IReadOnlyList<RecipientIdentifier> recipients, CancellationToken cancellationToken)
    {
        var wanted = recipients.DistinctBy(one => one.LookupKey).ToDictionary(one => one.LookupKey, StringComparer.Ordinal);
        List<Certificate> own;
        await using (var db = await database.ReadAsync(actor.Organisation, cancellationToken))
        {
            own = await db.Certificates
                .Where(one => one.OrganisationId == actor.Organisation && one.OwnerId == owner && one.Kind == CertificateKind.Encryption)
                .OrderByDescending(one => one.NotAfter)
                .ToListAsync(cancellationToken);
        }

        var found = new List<DecryptionKey>();
        foreach (var certificate in own)
        {
            var identifier = Match(wanted, certificate.IssuerSerialKey) ?? Match(wanted, certificate.SubjectKeyIdentifierKey);
            if (identifier is not null
                && certificate.KeyId is { } key
                && await broker.GrantAsync(actor, key, KeyTask.OpenMessage, cancellationToken) is KeyGrant.Granted granted)
            {
                _granted.Add(granted.Key);
                found.Add(new DecryptionKey(identifier, granted.Key));
            }
        }

        return found;
    }

    private static RecipientIdentifier? Match(Dictionary<string, RecipientIdentifier> wanted, string? key) =>
        key is not null && wanted.TryGetValue(key, out var identifier) ? identifier : null;
}
