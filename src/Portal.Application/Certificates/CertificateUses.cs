using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.KeyBroker;
using Portal.Smime.Cms;

namespace Portal.Application.Certificates;

/// <summary>How many messages a certificate has protected, and since when: counted, so that nothing tells which ones.</summary>
internal static class CertificateUses
{
    /// <summary>In the transaction that sends a message.</summary>
    /// <param name="db">The transaction.</param>
    /// <param name="organisation">The sender's.</param>
    /// <param name="signed">The sender's key, where it has signed.</param>
    /// <param name="encryptedFor">Recipients' certificates; those of our own people count when they open it.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static Task SentAsync(
        PortalDbContext db, OrganisationId organisation, ManagedKeyId? signed, IEnumerable<X509Certificate2> encryptedFor, DateTimeOffset at, CancellationToken cancellationToken) =>
        CountAsync(db, organisation, [.. signed is { } key ? [key] : Array.Empty<ManagedKeyId>()], [], Keys(encryptedFor), at, cancellationToken);

    /// <summary>In the transaction that stores what was found in a message.</summary>
    /// <param name="db">The transaction.</param>
    /// <param name="organisation">The recipient's.</param>
    /// <param name="opened">The recipient's keys, where they have opened it.</param>
    /// <param name="signedBy">Correspondents' certificates, where the signature is valid.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static Task ArrivedAsync(
        PortalDbContext db, OrganisationId organisation, IEnumerable<ManagedKeyId> opened, IEnumerable<X509Certificate2> signedBy, DateTimeOffset at, CancellationToken cancellationToken) =>
        CountAsync(db, organisation, [.. opened], Keys(signedBy), [], at, cancellationToken);

    private static async Task CountAsync(
        PortalDbContext db, OrganisationId organisation, List<ManagedKeyId> own, List<string> signers, List<string> recipients, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (own.Count + signers.Count + recipients.Count == 0)
        {
            return;
        }

        var others = signers.Concat(recipients).ToList();
        await db.Certificates
            .Where(one => one.OrganisationId == organisation && one.State != CertificateState.Intended)
            .Where(one => (one.KeyId != null && own.Contains(one.KeyId.Value)) || (one.Kind == CertificateKind.Correspondent && others.Contains(one.IssuerSerialKey!)))
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(one => one.MessagesSigned, one => one.MessagesSigned + (one.Kind == CertificateKind.Signing || signers.Contains(one.IssuerSerialKey!) ? 1 : 0))
                    .SetProperty(one => one.MessagesEncrypted, one => one.MessagesEncrypted + (one.Kind == CertificateKind.Encryption || recipients.Contains(one.IssuerSerialKey!) ? 1 : 0))
                    .SetProperty(one => one.FirstUsedAt, one => one.FirstUsedAt < at ? one.FirstUsedAt : at)
                    .SetProperty(one => one.LastUsedAt, one => one.LastUsedAt > at ? one.LastUsedAt : at),
                cancellationToken);
    }

    private static List<string> Keys(IEnumerable<X509Certificate2> certificates) =>
        [.. certificates.Select(one => RecipientIdentifier.IssuerAndSerialNumber.Of(one).LookupKey).Distinct()];
}
