using Microsoft.EntityFrameworkCore;
using Portal.Application.Certificates;
using Portal.Application.Domains;
using Portal.Application.KeyBroker;
using Portal.Application.Mailboxes;
using Portal.Smime.Pkix;

namespace Portal.Application.KeyManagement;

/// <summary>What would be lost with a key.</summary>
internal static class KeyObstacles
{
    public static async Task<IReadOnlyList<KeyObstacle>> OfAsync(PortalDbContext db, ManagedKey key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var obstacles = new List<KeyObstacle>();
        if (key.OwnerId is not null && key.ReplacedAt is null)
        {
            obstacles.Add(KeyObstacle.InUse);
        }

        if (key.Purpose == KeyPurpose.CertificateAuthority)
        {
            obstacles.Add(KeyObstacle.IsAuthority);
        }
        else if (await Naming(db, key).Where(one => one.NotAfter >= now && (one.State == CertificateState.Issued || one.RevocationReason == CrlReason.CertificateHold)).AnyAsync(cancellationToken))
        {
            obstacles.Add(KeyObstacle.NamedByCertificate);
        }

        if (key.Purpose == KeyPurpose.OpenMessage && await Unopened(db, key).AnyAsync(cancellationToken))
        {
            obstacles.Add(KeyObstacle.UnopenedMail);
        }

        if (await db.OrganisationDataKeys.AnyAsync(one => one.OrganisationId == key.OrganisationId && one.WrappingKeyId == key.Id, cancellationToken))
        {
            obstacles.Add(KeyObstacle.UnwrapsData);
        }

        if (await db.DomainKeys.AnyAsync(one => one.OrganisationId == key.OrganisationId && one.KeyId == key.Id && one.State != DomainKeyState.Retired, cancellationToken))
        {
            obstacles.Add(KeyObstacle.SignsForDomain);
        }

        return obstacles;
    }

    public static IQueryable<Certificate> Naming(PortalDbContext db, ManagedKey key) =>
        db.Certificates.Where(one => one.OrganisationId == key.OrganisationId && one.KeyId == key.Id);

    /// <summary>For whom a message is encrypted is known when it is opened: until then it may be for this key.</summary>
    public static IQueryable<StoredMessage> Unopened(PortalDbContext db, ManagedKey key) => db.Messages
        .Where(one => one.OrganisationId == key.OrganisationId && one.State == MessageState.Arrived)
        .Where(one => db.Mailboxes.Any(mailbox => mailbox.Id == one.MailboxId && mailbox.OwnerId == key.OwnerId));
}
