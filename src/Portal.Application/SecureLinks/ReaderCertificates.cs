using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.Organisations;
using Portal.Application.Trust;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.SecureLinks;

/// <summary>Certificates that readers hand in: mail to them is encrypted then, instead of resting here. That they have the key, nobody has seen.</summary>
public sealed class ReaderCertificates
{
    /// <summary>Bytes of a file.</summary>
    public const int Largest = 64 * 1024;

    private readonly PortalDatabase _database;
    private readonly IDirectory _directory;
    private readonly DataKeys _keys;
    private readonly CorrespondentKeeping _keeping;
    private readonly RecipientCertificates _recipients;
    private readonly WaitingAuthorities _waiting;
    private readonly CertificateNotices _notices;
    private readonly TimeProvider _clock;

    internal ReaderCertificates(
        PortalDatabase database,
        IDirectory directory,
        DataKeys keys,
        CorrespondentKeeping keeping,
        RecipientCertificates recipients,
        WaitingAuthorities waiting,
        CertificateNotices notices,
        TimeProvider clock)
    {
        (_database, _directory, _keys, _keeping) = (database, directory, keys, keeping);
        (_recipients, _waiting, _notices, _clock) = (recipients, waiting, notices, clock);
    }

    /// <returns>Null while the key store does not answer.</returns>
    public async Task<ReaderCertificatesView?> ReadAsync(SignedInReader reader, CancellationToken cancellationToken)
    {
        try
        {
            if (await OwnAsync(reader, cancellationToken) is not { } own)
            {
                return new ReaderCertificatesView(false, []);
            }

            var found = await _recipients.KnownOutsideAsync(reader.Actor.Organisation, own, cancellationToken);
            var shown = found.Candidates.Where(one => one == found.Chosen || one.Row.Source == CertificateSource.HandedIn);
            return new ReaderCertificatesView(true, shown.Select(one => View(one, one == found.Chosen)).ToList());
        }
        catch (KeyStoreException)
        {
            return null;
        }
    }

    /// <summary>It takes the place of what they handed in before; they are mailed that it was handed in.</summary>
    /// <param name="reader">Whose it is said to be.</param>
    /// <param name="file">Up to <see cref="Largest"/> bytes; only a certificate of it is kept.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<HandedInCertificate> HandInAsync(SignedInReader reader, byte[] file, CancellationToken cancellationToken)
    {
        if (file.Length > Largest)
        {
            return HandedInCertificate.TooLarge;
        }

        if (CertificateFiles.HoldsPrivateKey(file))
        {
            return HandedInCertificate.PrivateKey;
        }

        try
        {
            return !await MayChangeAsync(reader, cancellationToken) ? HandedInCertificate.ProofNotShown
                : await OwnAsync(reader, cancellationToken) is { } own
                ? await ChooseAsync(reader, own, await CertificateFiles.ReadAsync(file, cancellationToken), cancellationToken)
                : HandedInCertificate.NotHere;
        }
        catch (KeyStoreException)
        {
            return HandedInCertificate.KeyUnavailable;
        }
    }

    /// <summary>What they handed in; what signed mail has shown stays.</summary>
    /// <returns>False while the key store does not answer, or when they have to show their passkey or app first.</returns>
    public async Task<bool> WithdrawAsync(SignedInReader reader, CancellationToken cancellationToken)
    {
        try
        {
            if (!await MayChangeAsync(reader, cancellationToken))
            {
                return false;
            }

            if (await OwnAsync(reader, cancellationToken) is { } own)
            {
                await using var db = await _database.WriteAsync(reader.Actor.Organisation, cancellationToken);
                await RemoveAsync(db, reader.Actor, own, cancellationToken);
                await db.CommitAsync(cancellationToken);
            }

            return true;
        }
        catch (KeyStoreException)
        {
            return false;
        }
    }

    private async Task<bool> MayChangeAsync(SignedInReader reader, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(reader.Actor.Organisation, cancellationToken);
        return await OwnProofs.MayChangeAsync(db, reader, cancellationToken);
    }

    /// <returns>Their address; null where no certificate of theirs would be used.</returns>
    private async Task<AddrSpec?> OwnAsync(SignedInReader signedIn, CancellationToken cancellationToken)
    {
        var actor = signedIn.Actor;
        Reader reader;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            if ((await db.Organisations.SingleAsync(one => one.Id == actor.Organisation, cancellationToken)).Policy.Outsiders == OutsiderDelivery.Link)
            {
                return null;
            }

            reader = await db.Readers.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == actor.Id, cancellationToken);
        }

        using var key = await _keys.OfOrganisationAsync(actor.Organisation, cancellationToken);

        // Nobody else speaks for who has a mailbox here.
        return AddrSpec.TryParse(reader.Address(key), out var own) && await _directory.FindMailboxAsync(AddressKey.Of(own), actor.Organisation, cancellationToken) is null ? own : null;
    }

    private async Task<HandedInCertificate> ChooseAsync(SignedInReader reader, AddrSpec own, IReadOnlyList<X509Certificate2> certificates, CancellationToken cancellationToken)
    {
        var outcome = certificates.Count == 0 ? HandedInCertificate.Unreadable : HandedInCertificate.OtherAddress;
        foreach (var certificate in certificates)
        {
            // Which letters are capital in it is not the reader's doing.
            if (MailAddresses.Of(certificate).FirstOrDefault(one => AddressKey.Of(one) == AddressKey.Of(own)) is not { } named)
            {
                continue;
            }

            var between = certificates.Where(one => one != certificate).ToList();
            switch (await _keeping.ExamineAsync(reader.Actor.Organisation, named, certificate, between, cancellationToken))
            {
                case ExaminedCorrespondent.Fit { Above: var above }:
                    await _keeping.KeepAuthoritiesAsync(reader.Actor.Organisation, above, cancellationToken);
                    await KeepAsync(reader, own, certificate, waits: false, cancellationToken);
                    return HandedInCertificate.Kept;
                case ExaminedCorrespondent.NotTrusted { Path: var path } when await IsAskedAboutAsync(reader.Actor.Organisation, own, path, cancellationToken):
                    await KeepAsync(reader, own, certificate, waits: true, cancellationToken);
                    return HandedInCertificate.Waiting;
                case ExaminedCorrespondent.NotTrusted:
                    outcome = HandedInCertificate.NotTrusted;
                    break;
                case ExaminedCorrespondent.Unfit { Flaws: var flaws }:
                    outcome = InWords(flaws);
                    break;
            }
        }

        return outcome;
    }

    /// <summary>Its authority came with it, and an administrator may still trust that.</summary>
    private async Task<bool> IsAskedAboutAsync(OrganisationId organisation, AddrSpec own, PathValidation validation, CancellationToken cancellationToken)
    {
        if (validation is not PathValidation.Invalid { Failure: PathFailure.UnknownAuthority } invalid)
        {
            return false;
        }

        var path = invalid.Attempts.Select(one => one.Path).MaxBy(one => one.Count) ?? [];
        if (await _waiting.NoteAsync(organisation, path, own, isAgain: false, cancellationToken) is not { } authority || !await _waiting.IsWaitingAsync(organisation, authority, cancellationToken))
        {
            return false;
        }

        // An administrator may trust the highest of them: then those between are needed.
        await _keeping.KeepAuthoritiesAsync(organisation, path.Skip(1).SkipLast(1).ToList(), cancellationToken);
        return true;
    }

    private async Task KeepAsync(SignedInReader reader, AddrSpec own, X509Certificate2 certificate, bool waits, CancellationToken cancellationToken)
    {
        var (actor, address) = (reader.Actor, AddressKey.Of(own));
        await using (var read = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            if (await read.Certificates.AnyAsync(
                one => one.OrganisationId == actor.Organisation && one.Address == address && one.Kind == CertificateKind.Correspondent && one.Encoded == certificate.RawData, cancellationToken))
            {
                return;
            }
        }

        var notice = await _notices.PrepareAsync(actor, certificate, waits, cancellationToken);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        await RemoveAsync(db, actor, own, cancellationToken);
        var row = Certificate.OfCorrespondent(actor.Organisation, address, certificate, CertificateSource.HandedIn, _clock.GetUtcNow());
        db.Certificates.Add(row);
        await _notices.EnqueueAsync(db, notice, cancellationToken);
        db.Record(new AuditEvent(
            actor,
            AuditAction.ReaderCertificateHandedIn,
            row.Id.Value,
            new Dictionary<string, string> { ["proof"] = reader.Proof.ToString(), ["sha256"] = FingerprintOf(certificate), ["waits"] = waits ? "true" : "false" }));
        await db.CommitAsync(cancellationToken);
    }

    private static async Task RemoveAsync(PortalDbContext db, Actor.Reader actor, AddrSpec own, CancellationToken cancellationToken)
    {
        var address = AddressKey.Of(own);
        var handedIn = db.Certificates.Where(
            one => one.OrganisationId == actor.Organisation && one.Address == address && one.Kind == CertificateKind.Correspondent && one.Source == CertificateSource.HandedIn);
        foreach (var id in await handedIn.Select(one => one.Id).ToListAsync(cancellationToken))
        {
            db.Record(new AuditEvent(actor, AuditAction.ReaderCertificateWithdrawn, id.Value));
        }

        await handedIn.ExecuteDeleteAsync(cancellationToken);
    }

    private static HandedInCertificate InWords(IReadOnlyList<CertificateFlaw> flaws) => flaws[0] switch
    {
        CertificateFlaw.Expired => HandedInCertificate.Expired,
        CertificateFlaw.NotYetValid => HandedInCertificate.NotYetValid,
        CertificateFlaw.WeakKey => HandedInCertificate.WeakKey,
        CertificateFlaw.Malformed => HandedInCertificate.Unreadable,
        CertificateFlaw.WrongKeyUsage or CertificateFlaw.WrongExtendedKeyUsage or CertificateFlaw.AuthorityCertificate => HandedInCertificate.NotForEncryption,
    };

    private static ReaderCertificateView View(RecipientCandidate one, bool isUsed) => new(
        PlainText.Line(one.Certificate.DisplayName()) is { Length: > 0 } name ? name : one.Row.Address ?? one.Row.SerialNumber,
        PlainText.Line(one.Certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true)),
        one.Row.NotAfter,
        FingerprintOf(one.Certificate),
        one.Suitability,
        isUsed,
        one.Row.Source == CertificateSource.HandedIn);

    internal static string FingerprintOf(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);
}
