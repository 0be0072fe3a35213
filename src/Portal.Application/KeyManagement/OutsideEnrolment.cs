using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.Trust;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.KeyManagement;

/// <summary>Certificates that another authority issues for our people's keys; and ours, for keys that they have elsewhere.</summary>
public sealed class OutsideEnrolment
{
    private static readonly CertificateKind[] Both = [CertificateKind.Signing, CertificateKind.Encryption];

    private readonly PortalDatabase _database;
    private readonly CertificateAuthority _authority;
    private readonly RequestWithdrawing _withdrawing;
    private readonly OutsidePairs _outside;
    private readonly Gathering _gathering;
    private readonly IEnrolmentConnector _connector;
    private readonly LiveSessions _sessions;
    private readonly TimeProvider _clock;

    internal OutsideEnrolment(
        PortalDatabase database,
        CertificateAuthority authority,
        RequestWithdrawing withdrawing,
        OutsidePairs outside,
        Gathering gathering,
        IEnrolmentConnector connector,
        LiveSessions sessions,
        TimeProvider clock) =>
        (_database, _authority, _withdrawing, _outside, _gathering, _connector, _sessions, _clock) = (database, authority, withdrawing, outside, gathering, connector, sessions, clock);

    /// <summary>New keys for a person, which nothing uses before the other authority's certificates for them are here.</summary>
    public async Task<PersonIssuing> RequestAsync(Actor actor, string address, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        if (await FindAsync(actor, address, cancellationToken) is not { } person)
        {
            return new PersonIssuing.NobodyHere();
        }

        // What waits since an earlier time, whose second key could not be made perhaps, is not asked for again.
        var missing = await MissingAsync(actor, person, cancellationToken);
        if (missing.Count == 0)
        {
            return new PersonIssuing.Waiting();
        }

        var asked = default(CertificateId);
        try
        {
            foreach (var kind in missing)
            {
                asked = await _authority.RequestAsync(actor, person with { Kind = kind }, cancellationToken);
                await SubmitAsync(actor, asked, cancellationToken);
            }
        }
        catch (KeyStoreException exception)
        {
            return new PersonIssuing.StoreAway(exception.Message);
        }

        return new PersonIssuing.Done(asked);
    }

    /// <summary>A certificate of our own authority that signs, for a key that the person has elsewhere.</summary>
    /// <param name="actor">Whose organisation.</param>
    /// <param name="address">The person's; what the request wishes for itself is not looked at.</param>
    /// <param name="file">PKCS#10, PEM or DER.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<PersonIssuing> IssueAsync(Actor actor, string address, byte[] file, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        if (await FindAsync(actor, address, cancellationToken) is not { } person)
        {
            return new PersonIssuing.NobodyHere();
        }

        switch (CertificationRequest.ReadFile(file))
        {
            case CertificationRequestReading.Proven { Request: var request }:
                return await IsKnownAsync(actor, request, cancellationToken) ? new PersonIssuing.KeyInUse() : await IssueAsync(actor, person, request, cancellationToken);
            case CertificationRequestReading.NotProven:
                return new PersonIssuing.NotProven();
            case CertificationRequestReading.Weak:
                return new PersonIssuing.WeakKey();
            default:
                return new PersonIssuing.NoRequest();
        }
    }

    /// <returns>Those that wait for an answer, by person.</returns>
    public async Task<IReadOnlyList<OutsideRequest>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await Waiting(db, actor.Organisation)
            .Join(db.Accounts, one => one.OwnerId, account => (AccountId?)account.Id, (one, account) => new { one.Id, account.DisplayName, one.Address, one.Kind, one.CreatedAt })
            .OrderBy(one => one.DisplayName).ThenBy(one => one.Address).ThenByDescending(one => one.Kind)
            .Select(one => new OutsideRequest(one.Id, one.DisplayName, one.Address!, one.Kind, one.CreatedAt))
            .ToListAsync(cancellationToken);
    }

    /// <param name="actor">Whose organisation.</param>
    /// <param name="id">Null for all that wait, one behind the other.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>PKCS#10, PEM; null where nothing waits.</returns>
    public async Task<string?> FileAsync(Actor actor, CertificateId? id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var requests = await Waiting(db, actor.Organisation)
            .Where(one => id == null || one.Id == id)
            .OrderBy(one => one.Address).ThenByDescending(one => one.Kind)
            .Select(one => one.Request!)
            .ToListAsync(cancellationToken);
        return requests.Count == 0 ? null : string.Concat(requests.Select(one => PemEncoding.WriteString("CERTIFICATE REQUEST", one) + "\n"));
    }

    /// <summary>Its key is destroyed: if the authority answers after all, the answer is for nothing.</summary>
    /// <returns>The store's words, when it did not destroy the key; the request is withdrawn all the same.</returns>
    public async Task<string?> WithdrawAsync(Actor actor, CertificateId id, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        return await _withdrawing.WithdrawAsync(actor, id, cancellationToken);
    }

    /// <summary>Each certificate goes to the request that is for its key, whosever that is.</summary>
    /// <param name="actor">Whose organisation.</param>
    /// <param name="file">Certificates, and those above them: PEM, DER or PKCS #7.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>One for each that is not above another; none when there is no certificate in it.</returns>
    public async Task<IReadOnlyList<OutsideAnswer>> AnswerAsync(Actor actor, byte[] file, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        var given = await CertificateFiles.ReadAsync(file, cancellationToken);
        var authorities = given.Where(one => one.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraint => constraint.CertificateAuthority)).ToList();
        await _gathering.KeepAsync(actor.Organisation, authorities, cancellationToken);
        var answers = new List<OutsideAnswer>();
        foreach (var certificate in given.Except(authorities))
        {
            answers.Add(new OutsideAnswer(PlainText.Line(certificate.DisplayName()), await TakeAsync(actor, certificate, authorities, cancellationToken)));
        }

        return answers;
    }

    private static IQueryable<Certificate> Waiting(PortalDbContext db, OrganisationId organisation) =>
        db.Certificates.Where(one => one.OrganisationId == organisation && one.OwnerId != null && one.State == CertificateState.Requested);

    private async Task<WantedCertificate?> FindAsync(Actor actor, string address, CancellationToken cancellationToken)
    {
        if (!AddrSpec.TryParse(address.Trim(), out var wanted))
        {
            return null;
        }

        var key = AddressKey.Of(wanted);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var found = await db.Mailboxes
            .Where(one => one.OrganisationId == actor.Organisation && one.NormalisedAddress == key)
            .Join(db.Accounts.Where(account => !account.Disabled), one => one.OwnerId, account => account.Id, (one, account) => new { account.Id, account.DisplayName, one.Address })
            .SingleOrDefaultAsync(cancellationToken);
        return found is not null && AddrSpec.TryParse(found.Address, out var own) ? new WantedCertificate(found.Id, found.DisplayName, own, CertificateKind.Signing) : null;
    }

    private async Task<IReadOnlyList<CertificateKind>> MissingAsync(Actor actor, WantedCertificate person, CancellationToken cancellationToken)
    {
        var address = AddressKey.Of(person.Address);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var waiting = await Waiting(db, actor.Organisation).Where(one => one.OwnerId == person.Account && one.Address == address).Select(one => one.Kind).ToListAsync(cancellationToken);
        return [.. Both.Except(waiting)];
    }

    // One key with two holders, or two uses, is none.
    private async Task<bool> IsKnownAsync(Actor actor, CertificationRequest request, CancellationToken cancellationToken)
    {
        var publicKey = request.SubjectPublicKeyInfo.ToArray();
        var identifier = new RecipientIdentifier.SubjectKeyIdentifier(request.SubjectKeyIdentifier).LookupKey;
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.ManagedKeys.AnyAsync(one => one.OrganisationId == actor.Organisation && one.SubjectPublicKeyInfo == publicKey, cancellationToken)
            || await db.Certificates.AnyAsync(one => one.OrganisationId == actor.Organisation && one.SubjectKeyIdentifierKey == identifier, cancellationToken);
    }

    private async Task<PersonIssuing> IssueAsync(Actor actor, WantedCertificate person, CertificationRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return new PersonIssuing.Done(await _authority.IssueAsync(actor, person.Account, person.DisplayName, person.Address, request, cancellationToken));
        }
        catch (CertificateRefusedException refused)
        {
            return new PersonIssuing.Refused(refused.Message);
        }
        catch (KeyStoreException exception)
        {
            return new PersonIssuing.StoreAway(exception.Message);
        }
    }

    private async Task SubmitAsync(Actor actor, CertificateId id, CancellationToken cancellationToken)
    {
        EnrolmentRequest request;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            request = await Waiting(db, actor.Organisation).Where(one => one.Id == id).Select(one => new EnrolmentRequest(one.Id, one.Kind, one.Address!, one.Request!)).SingleAsync(cancellationToken);
        }

        if (await _connector.SubmitAsync(request, cancellationToken) is EnrolmentAnswer.Issued { File: var file })
        {
            await AnswerAsync(actor, file, cancellationToken);
        }
    }

    private async Task<OutsideAnswerState> TakeAsync(Actor actor, X509Certificate2 certificate, List<X509Certificate2> above, CancellationToken cancellationToken)
    {
        var publicKey = certificate.PublicKey.ExportSubjectPublicKeyInfo();
        Certificate? asked;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            asked = await Waiting(db, actor.Organisation)
                .Where(one => db.ManagedKeys.Any(key => key.Id == one.KeyId && key.SubjectPublicKeyInfo == publicKey))
                .SingleOrDefaultAsync(cancellationToken);
        }

        if (asked is null || await _outside.HolderAsync(actor.Organisation, asked.OwnerId!.Value, cancellationToken) is not { } holder)
        {
            return OutsideAnswerState.NotAsked;
        }

        var judged = await _outside.JudgeAsync(actor.Organisation, holder, certificate, above, ImportPurpose.NewMail, cancellationToken);
        switch (judged.Select(one => one.Not).OfType<ImportedState>().FirstOrDefault())
        {
            case ImportedState.OtherAddress:
                return OutsideAnswerState.OtherAddress;
            case ImportedState.NotValidNow:
                return OutsideAnswerState.NotValidNow;
            case ImportedState.NotTrusted:
                return OutsideAnswerState.NotTrusted;
        }

        if (!judged.Any(one => one.Kind == asked.Kind))
        {
            return OutsideAnswerState.OtherUsage;
        }

        await using var write = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await Waiting(write, actor.Organisation).SingleOrDefaultAsync(one => one.Id == asked.Id, cancellationToken) is not { } row)
        {
            return OutsideAnswerState.NotAsked;
        }

        var now = _clock.GetUtcNow();
        row.Answer(certificate, [.. above.SelectMany(one => one.RawData)], now);
        await write.SaveChangesAsync(cancellationToken);
        await FormerPairs.ReplaceAsync(write, actor, [row], now, cancellationToken);
        write.Record(new AuditEvent(actor, AuditAction.CertificateIssued, row.Id.Value));
        await write.CommitAsync(cancellationToken);
        return OutsideAnswerState.Taken;
    }
}
