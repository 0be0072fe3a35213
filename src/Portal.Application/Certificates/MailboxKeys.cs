using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;

namespace Portal.Application.Certificates;

/// <summary>Why a key that would fit was not used, and when trying again is sensible.</summary>
internal abstract record KeyHindrance
{
    /// <returns>Null where nothing would change by waiting.</returns>
    public static KeyHindrance? Of(KeyStoreFailure? failure) => failure switch
    {
        KeyStoreFailure.Unavailable => new StoreAway(),
        KeyStoreFailure.Refused => new Disabled(),
        KeyStoreFailure.NotFound => new Missing(),
        KeyStoreFailure.NotSupported or null => null,
    };

    public sealed record StoreAway : KeyHindrance;

    public sealed record Disabled : KeyHindrance;

    public sealed record Missing : KeyHindrance;

    public sealed record Resting(DateTimeOffset Until) : KeyHindrance;
}

/// <summary>The private keys of one person, for opening mail that came for them; expired and revoked ones open old mail.</summary>
internal sealed class MailboxKeys(PortalDatabase database, KeyBroker.KeyBroker broker, Actor actor, AccountId owner) : IDecryptionKeys
{
    private readonly List<BrokeredKey> _granted = [];
    private KeyHindrance? _withheld;

    /// <summary>What became of the keys that were used.</summary>
    public IEnumerable<AuditEvent> Outcomes => _granted.SelectMany(one => one.Outcomes);

    /// <summary>Those that a store computed with.</summary>
    public IEnumerable<ManagedKeyId> Used => _granted.Where(one => one.Outcomes.Count > 0).Select(one => one.Id);

    /// <summary>Null where no key was withheld and every store did what it was asked.</summary>
    public KeyHindrance? Hindrance => _granted.Select(one => KeyHindrance.Of(one.Failure)).OfType<KeyHindrance>().FirstOrDefault() ?? _withheld;

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
            if (identifier is not null && certificate.KeyId is { } id && await GrantAsync(id, cancellationToken) is { } key)
            {
                _granted.Add(key);
                found.Add(new DecryptionKey(identifier, key));
            }
        }

        return found;
    }

    private async Task<BrokeredKey?> GrantAsync(ManagedKeyId id, CancellationToken cancellationToken)
    {
        switch (await broker.GrantAsync(actor, id, KeyTask.OpenMessage, cancellationToken))
        {
            case KeyGrant.Granted granted:
                return granted.Key;
            case KeyGrant.Disabled:
                _withheld = new KeyHindrance.Disabled();
                return null;
            case KeyGrant.Resting resting:
                _withheld = new KeyHindrance.Resting(resting.Until);
                return null;
            default:
                return null;
        }
    }

    private static RecipientIdentifier? Match(Dictionary<string, RecipientIdentifier> wanted, string? key) =>
        key is not null && wanted.TryGetValue(key, out var identifier) ? identifier : null;
}
