using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Certificates;
using Portal.Application.Trust;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.KeyManagement;

/// <param name="Account">Who.</param>
/// <param name="Addresses">Normalised, of their mailboxes.</param>
/// <param name="SigningStore">Where their signing keys go.</param>
/// <param name="OpeningStore">Where the others go.</param>
internal sealed record PairHolder(AccountId Account, IReadOnlyList<string> Addresses, string SigningStore, string OpeningStore);

/// <summary>What a person of ours can do with a certificate that another authority issued.</summary>
internal sealed class OutsidePairs(PortalDatabase database, TrustStores trustStores, TimeProvider clock)
{
    /// <returns>Null when nobody of this id is here.</returns>
    public async Task<PairHolder?> HolderAsync(OrganisationId organisation, AccountId owner, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        if (!await db.Accounts.AnyAsync(one => one.OrganisationId == organisation && one.Id == owner, cancellationToken))
        {
            return null;
        }

        var stores = (await db.Organisations.SingleAsync(one => one.Id == organisation, cancellationToken)).KeyStores;
        var addresses = await db.Mailboxes.Where(one => one.OrganisationId == organisation && one.OwnerId == owner).Select(one => one.NormalisedAddress).ToListAsync(cancellationToken);
        return new PairHolder(owner, addresses, stores.Signing, stores.Opening);
    }

    /// <returns>What it is good for, or why it is not.</returns>
    public async Task<IReadOnlyList<(CertificateKind? Kind, ImportedState? Not)>> JudgeAsync(
        OrganisationId organisation, PairHolder holder, X509Certificate2 certificate, IReadOnlyList<X509Certificate2> chain, ImportPurpose purpose, CancellationToken cancellationToken)
    {
        var (signs, opens) = (Signs(certificate), Allows(certificate, X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyAgreement));
        if (AlgorithmOf(certificate) is null)
        {
            return [(null, ImportedState.UnsupportedKey)];
        }

        if (purpose == ImportPurpose.OldMail)
        {
            return [opens ? (CertificateKind.Encryption, null) : (null, ImportedState.SignsOnly)];
        }

        if (!MailAddresses.Of(certificate).Any(address => holder.Addresses.Contains(AddressKey.Of(address))))
        {
            return [(null, ImportedState.OtherAddress)];
        }

        var now = clock.GetUtcNow();
        if (now < certificate.NotBefore || now > certificate.NotAfter)
        {
            return [(null, ImportedState.NotValidNow)];
        }

        // What is not known of its revocation, the worker asks when it is needed.
        var trust = await trustStores.OfAsync(organisation, signs ? TrustPurpose.Signatures : TrustPurpose.Encryption, cancellationToken);
        var validation = PathValidator.Validate(certificate, trust, chain, now);
        return validation is not (PathValidation.Valid or PathValidation.Invalid { Failure: PathFailure.RevocationUnknown })
            ? [(null, ImportedState.NotTrusted)]
            : [.. signs ? [(CertificateKind.Signing, null)] : None, .. opens ? [(CertificateKind.Encryption, null)] : None];
    }

    public static bool Signs(X509Certificate2 certificate) => Allows(certificate, X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation);

    /// <returns>Null for keys that no store holds.</returns>
    public static KeyAlgorithm? AlgorithmOf(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var curve = certificate.GetECDsaPublicKey();
        return (rsa?.KeySize, curve?.ExportParameters(false).Curve.Oid.Value) switch
        {
            (2048, _) => KeyAlgorithm.Rsa2048,
            (3072, _) => KeyAlgorithm.Rsa3072,
            (4096, _) => KeyAlgorithm.Rsa4096,
            (_, "1.2.840.10045.3.1.7") => KeyAlgorithm.P256,
            (_, "1.3.132.0.34") => KeyAlgorithm.P384,
            (_, "1.3.132.0.35") => KeyAlgorithm.P521,
            _ => null,
        };
    }

    private static bool Allows(X509Certificate2 certificate, X509KeyUsageFlags usages) =>
        certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is not { } extension || (extension.KeyUsages & usages) != 0;

    private static readonly (CertificateKind? Kind, ImportedState? Not)[] None = [];
}
