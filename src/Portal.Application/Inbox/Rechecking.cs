using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Mailboxes;
using Portal.Application.Trust;
using Portal.Application.Work;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Application.Inbox;

/// <summary>Checks a received signature again, years later: as of then by what was kept, and what is known of it now.</summary>
public sealed class Rechecking
{
    private readonly PortalDatabase _database;
    private readonly SealedBlobs _blobs;
    private readonly DataKeys _keys;
    private readonly TrustStores _trustStores;
    private readonly TimeProvider _clock;

    internal Rechecking(PortalDatabase database, SealedBlobs blobs, DataKeys keys, TrustStores trustStores, TimeProvider clock) =>
        (_database, _blobs, _keys, _trustStores, _clock) = (database, blobs, keys, trustStores, clock);

    /// <returns>Null when there is no such message, or nothing signed in it that came from elsewhere.</returns>
    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<RecheckView?> CheckAsync(Actor.Person actor, StoredMessageId id, CancellationToken cancellationToken)
    {
        if (await FindAsync(actor, id, cancellationToken) is not var (message, judgement))
        {
            return null;
        }

        using var key = await _keys.OfMailboxAsync(actor.Organisation, message.MailboxId, cancellationToken);
        var evidence = SignatureEvidence.Open(key, judgement);
        var trust = await _trustStores.OfAsync(actor.Organisation, TrustPurpose.Signatures, cancellationToken);
        var signers = evidence.Signers.Select(signer => Check(signer, trust)).ToList();
        if (signers.Exists(one => one.Now == SignerStanding.RevocationUnknown))
        {
            await AskAsync(actor.Organisation, id, cancellationToken);
        }

        return new RecheckView(message.At, judgement.JudgedAt, evidence.Verdict, await AgainAsync(message, evidence, trust, key, cancellationToken), signers);
    }

    private async Task<(StoredMessage Message, SignatureJudgement Judgement)?> FindAsync(Actor.Person actor, StoredMessageId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.MessagesOf(actor).SingleOrDefaultAsync(one => one.Id == id && one.State == MessageState.Opened, cancellationToken) is { } message
            && await db.SignatureJudgements.SingleOrDefaultAsync(one => one.OrganisationId == actor.Organisation && one.MessageId == id, cancellationToken) is { } judgement
                ? (message, judgement)
                : null;
    }

    private async Task<MessageVerdict> AgainAsync(
        StoredMessage message, SignatureEvidence evidence, TrustStore trust, SealingKey key, CancellationToken cancellationToken)
    {
        IReadOnlyList<RevocationList> lists;
        IReadOnlyList<OcspResponse> answers;
        await using (var db = await _database.ReadAsync(message.OrganisationId, cancellationToken))
        {
            (lists, answers) = await SignatureJudgements.ReadAsync(db, message.OrganisationId, evidence, cancellationToken);
        }

        var kept = new TrustStore(trust.Anchors, evidence.Signers.SelectMany(Certificates).ToList(), lists) { OcspResponses = answers };
        var contentKeys = RecoveredKeys.Open(key, message);
        try
        {
            await using var raw = await _blobs.OpenAsync(message.OrganisationId, message.RawId, cancellationToken);
            await using var opened = await MessageOpener.OpenAsync(raw, new OpeningContext(kept, NoKeys.Instance, message.At) { KnownKeys = contentKeys }, cancellationToken);
            return Judgement.Of(opened).Verdict;
        }
        finally
        {
            foreach (var one in contentKeys)
            {
                one.Dispose();
            }
        }
    }

    private RecheckedSigner Check(SignerEvidence signer, TrustStore trust)
    {
        var path = Certificates(signer);
        var now = path.Count == 0 ? null : PathValidator.Validate(path[0], trust, path, _clock.GetUtcNow());
        return new RecheckedSigner(
            path.Count == 0 ? string.Empty : PlainText.Line(path[0].DisplayName()),
            path.Skip(1).Select(one => PlainText.Line(one.DisplayName())).ToList(),
            Times(signer, answers: false),
            Times(signer, answers: true),
            now switch
            {
                PathValidation.Valid => SignerStanding.Good,
                PathValidation.Revoked => SignerStanding.Revoked,
                PathValidation.Invalid { Failure: PathFailure.Expired } => SignerStanding.Expired,
                PathValidation.Invalid { Failure: PathFailure.RevocationUnknown } => SignerStanding.RevocationUnknown,
                PathValidation.Invalid { Failure: PathFailure.UnknownAuthority } => SignerStanding.Untrusted,
                _ => SignerStanding.Unusable,
            },
            (now as PathValidation.Revoked)?.Entry.RevokedAt,
            path.Count == 0 ? null : new DateTimeOffset(path[0].NotAfter).ToUniversalTime());
    }

    // The worker fetches, and looking again finds what it found.
    private async Task AskAsync(OrganisationId organisation, StoredMessageId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(organisation, cancellationToken);
        if (!await db.WorkItems.AnyAsync(one => one.OrganisationId == organisation && one.Kind == WorkKind.RecheckSignature && one.Subject == id.Value, cancellationToken))
        {
            await WorkQueue.DueNowAsync(db, organisation, WorkKind.RecheckSignature, id.Value, cancellationToken);
            await db.CommitAsync(cancellationToken);
        }
    }

    private static List<DateTimeOffset> Times(SignerEvidence signer, bool answers) => signer.Statements
        .Where(one => one.ThisUpdate is not null && one.Source == RevocationSource.OcspResponse == answers)
        .Select(one => one.ThisUpdate!.Value)
        .Distinct()
        .Order()
        .ToList();

    private static IReadOnlyList<X509Certificate2> Certificates(SignerEvidence signer)
    {
        try
        {
            return signer.Path.Select(one => SharedCertificates.Load(one)).ToList();
        }
        catch (CryptographicException)
        {
            return [];
        }
    }
}
