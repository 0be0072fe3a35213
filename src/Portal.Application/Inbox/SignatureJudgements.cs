using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Mailboxes;
using Portal.Application.Trust;
using Portal.Smime.Pkix;

namespace Portal.Application.Inbox;

/// <summary>Keeps what judgements rest on.</summary>
internal sealed class SignatureJudgements(PortalDatabase database)
{
    /// <summary>Before the transaction that stores the judgement: two may want to keep the same list at the same moment.</summary>
    public async Task KeepAsync(OrganisationId organisation, FoundEvidence found, CancellationToken cancellationToken)
    {
        foreach (var file in found.Files)
        {
            var hash = SHA256.HashData(file.Span);
            await using var db = await database.WriteAsync(organisation, cancellationToken);
            if (await db.EvidenceFiles.AnyAsync(one => one.OrganisationId == organisation && one.Sha256 == hash, cancellationToken))
            {
                continue;
            }

            db.EvidenceFiles.Add(new EvidenceFile(organisation, hash, file.ToArray()));
            try
            {
                await db.CommitAsync(cancellationToken);
            }
            catch (DbUpdateException)
            {
                // Somebody else kept it.
            }
        }
    }

    /// <param name="db">The transaction that stores the judgement.</param>
    /// <param name="message">Judged.</param>
    /// <param name="found">By what.</param>
    /// <param name="waiting">The authority that waits for a decision; null when none does.</param>
    /// <param name="began">Before anything was looked up that it rests on.</param>
    /// <param name="key">Of the mailbox.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task SaveAsync(
        PortalDbContext db,
        StoredMessage message,
        FoundEvidence found,
        ForeignAuthorityId? waiting,
        DateTimeOffset began,
        SealingKey key,
        CancellationToken cancellationToken)
    {
        var judgement = await db.SignatureJudgements.SingleOrDefaultAsync(
            one => one.OrganisationId == message.OrganisationId && one.MessageId == message.Id, cancellationToken);
        if (judgement is null)
        {
            judgement = new SignatureJudgement(message.OrganisationId, message.Id);
            db.SignatureJudgements.Add(judgement);
        }

        var authority = waiting ?? (found.Anchor is { } anchor ? await AuthorityAsync(db, message.OrganisationId, ForeignAuthority.FingerprintOf(anchor), cancellationToken) : null);
        judgement.Judge(authority, began, found.Evidence.Seal(key, message.Id));
    }

    /// <summary>The lists and answers of a judgement, read.</summary>
    public static async Task<(IReadOnlyList<RevocationList> Lists, IReadOnlyList<OcspResponse> Answers)> ReadAsync(
        PortalDbContext db, OrganisationId organisation, SignatureEvidence evidence, CancellationToken cancellationToken)
    {
        var lists = new List<RevocationList>();
        foreach (var name in evidence.Signers.SelectMany(one => one.Lists).Distinct())
        {
            var hash = Convert.FromHexString(name);
            var content = await db.EvidenceFiles
                .Where(one => one.OrganisationId == organisation && one.Sha256 == hash)
                .Select(one => one.Content)
                .SingleOrDefaultAsync(cancellationToken);
            if (content is not null && RevocationList.TryParse(content, out var list))
            {
                lists.Add(list);
            }
        }

        return (lists, evidence.Signers.SelectMany(one => one.Answers).Select(one => OcspResponse.TryParse(one, out var answer) ? answer : null).OfType<OcspResponse>().ToList());
    }

    private static async Task<ForeignAuthorityId?> AuthorityAsync(PortalDbContext db, OrganisationId organisation, string fingerprint, CancellationToken cancellationToken)
    {
        var found = await db.ForeignAuthorities
            .Where(one => one.OrganisationId == organisation && one.Fingerprint == fingerprint)
            .Select(one => new { one.Id })
            .SingleOrDefaultAsync(cancellationToken);
        return found?.Id;
    }
}
