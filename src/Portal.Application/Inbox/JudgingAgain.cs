using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Mailboxes;
using Portal.Application.Trust;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Application.Inbox;

/// <summary>Judges signatures again, as of the instant when they came: with what had to be fetched, or by what was decided since.</summary>
internal sealed class JudgingAgain(
    PortalDatabase database,
    SealedBlobs blobs,
    DataKeys keys,
    TrustStores trustStores,
    Gathering gathering,
    WaitingAuthorities waiting,
    Harvesting harvesting,
    SignatureJudgements judgements,
    TimeProvider clock)
{
    /// <returns>Whether something may still be had later that could not be had now.</returns>
    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<bool> JudgeAsync(OrganisationId organisation, StoredMessageId id, CancellationToken cancellationToken)
    {
        if (await FindAsync(organisation, id, cancellationToken) is not { } message)
        {
            return false;
        }

        using var key = await keys.OfMailboxAsync(organisation, message.MailboxId, cancellationToken);
        var contentKeys = RecoveredKeys.Open(key, message);
        await using var raw = await blobs.OpenAsync(organisation, message.RawId, cancellationToken);
        var began = clock.GetUtcNow();
        var opened = await OpenAsync(organisation, message, raw, contentKeys, cancellationToken);
        try
        {
            if (await GatherAsync(organisation, message, opened, cancellationToken))
            {
                await opened.DisposeAsync();
                raw.Position = 0;
                began = clock.GetUtcNow();
                opened = await OpenAsync(organisation, message, raw, contentKeys, cancellationToken);
            }

            return await SaveAsync(message, opened, began, key, cancellationToken);
        }
        finally
        {
            await opened.DisposeAsync();
            foreach (var one in contentKeys)
            {
                one.Dispose();
            }
        }
    }

    /// <summary>What is published about its signers now is at hand afterwards, where it can be had.</summary>
    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task GatherForNowAsync(OrganisationId organisation, StoredMessageId id, CancellationToken cancellationToken)
    {
        if (await FindAsync(organisation, id, cancellationToken) is not { } message)
        {
            return;
        }

        SignatureJudgement? judgement;
        await using (var db = await database.ReadAsync(organisation, cancellationToken))
        {
            judgement = await db.SignatureJudgements.SingleOrDefaultAsync(one => one.OrganisationId == organisation && one.MessageId == id, cancellationToken);
        }

        using var key = await keys.OfMailboxAsync(organisation, message.MailboxId, cancellationToken);
        foreach (var path in judgement is null ? [] : SignatureEvidence.Open(key, judgement).Signers.Select(one => one.Path).Where(path => path.Count > 0))
        {
            var certificates = path.Select(one => SharedCertificates.Load(one)).ToList();
            await gathering.CompleteAsync(organisation, certificates[0], certificates, TrustPurpose.Signatures, clock.GetUtcNow(), cancellationToken);
        }
    }

    private async Task<OpenedMessage> OpenAsync(
        OrganisationId organisation, StoredMessage message, Stream raw, IReadOnlyList<Smime.Cms.ContentEncryptionKey> contentKeys, CancellationToken cancellationToken)
    {
        var trust = await trustStores.OfAsync(organisation, TrustPurpose.Signatures, cancellationToken);
        return await MessageOpener.OpenAsync(raw, new OpeningContext(trust, NoKeys.Instance, message.At) { KnownKeys = contentKeys }, cancellationToken);
    }

    /// <returns>Whether it is worth opening the message again.</returns>
    private async Task<bool> GatherAsync(OrganisationId organisation, StoredMessage message, OpenedMessage opened, CancellationToken cancellationToken)
    {
        var found = false;
        foreach (var signer in opened.Summary.Signers)
        {
            if (signer is { Certificate: { } certificate, Path: PathValidation.Invalid { Failure: PathFailure.UnknownAuthority or PathFailure.RevocationUnknown } before })
            {
                var further = before.Attempts.SelectMany(one => one.Path).Distinct().ToList();
                var after = await gathering.CompleteAsync(organisation, certificate, further, TrustPurpose.Signatures, message.At, cancellationToken);
                found |= after is not PathValidation.Invalid still || still.Failure != before.Failure || still.Attempts.Count != before.Attempts.Count
                    || still.Attempts.Max(one => one.Path.Count) > before.Attempts.Max(one => one.Path.Count);
            }
        }

        return found;
    }

    private async Task<bool> SaveAsync(StoredMessage message, OpenedMessage opened, DateTimeOffset began, SealingKey key, CancellationToken cancellationToken)
    {
        var reported = await ReportWriting.WriteAsync(opened, isSent: false, cancellationToken);
        var verdict = reported.Report.Verdict.Verdict;
        if (opened.Payload is null || FoundEvidence.In(opened.Summary, verdict) is not { } found)
        {
            return false;
        }

        await judgements.KeepAsync(message.OrganisationId, found, cancellationToken);
        var isAgain = await WasWaitingAsync(message, cancellationToken);
        var authority = found.Unknown is { } path ? await waiting.NoteAsync(message.OrganisationId, path, opened.Summary.From, isAgain, cancellationToken) : null;
        await harvesting.FromAsync(message.OrganisationId, opened.Summary, cancellationToken);
        await using var db = await database.WriteAsync(message.OrganisationId, cancellationToken);
        var row = await db.Messages.SingleAsync(one => one.OrganisationId == message.OrganisationId && one.Id == message.Id, cancellationToken);
        await SignatureJudgements.SaveAsync(db, row, found, authority, began, key, cancellationToken);
        if (row.Verdict != verdict)
        {
            var detail = new Dictionary<string, string> { ["before"] = row.Verdict.ToString(), ["verdict"] = verdict.ToString() };
            db.Record(new AuditEvent(new Actor.Portal(row.OrganisationId, "inbox"), AuditAction.MessageJudgedAgain, row.Id.Value, detail));
        }

        var list = MessageReport.Open(key, row).List;
        row.Judge(verdict, (reported.Report with { List = list }).Seal(key, row.Id));
        db.Announce(row.MailboxId);
        await db.CommitAsync(cancellationToken);
        return found.LacksAnything;
    }

    private async Task<StoredMessage?> FindAsync(OrganisationId organisation, StoredMessageId id, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await db.Messages.SingleOrDefaultAsync(
            one => one.OrganisationId == organisation && one.Id == id && one.State == MessageState.Opened && one.ContentToken != null, cancellationToken);
    }

    private async Task<bool> WasWaitingAsync(StoredMessage message, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(message.OrganisationId, cancellationToken);
        return await db.SignatureJudgements.AnyAsync(
            one => one.OrganisationId == message.OrganisationId && one.MessageId == message.Id && one.AuthorityId != null, cancellationToken);
    }
}
