using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Organisations;
using Portal.Smime.Pkix;

namespace Portal.Application.SecureLinks.Answers;

/// <param name="Address">Whose.</param>
/// <param name="Name">May be empty.</param>
/// <param name="Inside">Their mailbox here; null for whoever reads by a link.</param>
internal sealed record AnswerRecipient(AddrSpec Address, string Name, MailboxPlace? Inside);

/// <param name="Recipients">Each once.</param>
/// <param name="NotReached">The first that is no address, or cannot be written to from here; null where all can.</param>
/// <param name="AreTooMany">More further addresses are typed than one message takes; none was looked at.</param>
internal sealed record ResolvedRecipients(IReadOnlyList<AnswerRecipient> Recipients, string? NotReached = null, bool AreTooMany = false);

/// <summary>Whom a reader can write to.</summary>
internal sealed class AnswerRecipients(PortalDatabase database, IDirectory directory)
{
    private const int MostSenders = 50;

    /// <summary>Of an answer: the sender, and the others whom everybody may know of.</summary>
    /// <param name="actor">Who answers.</param>
    /// <param name="answered">What.</param>
    /// <param name="own">Their address.</param>
    /// <param name="all">All are chosen, and not the sender alone.</param>
    /// <param name="key">The organisation's.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<IReadOnlyList<CorrespondentView>> OfAnswerAsync(
        Actor.Reader actor, OpenedLink answered, string own, bool all, SealingKey key, CancellationToken cancellationToken)
    {
        var (from, to, cc) = (answered.Report.From, answered.Report.To, answered.Report.Cc);
        var first = from is null || IsSame(from.Address, own) ? to : [from];
        var everybody = first.Concat(to).Concat(cc)
            .Where(one => !IsSame(one.Address, own))
            .DistinctBy(one => one.Address, StringComparer.OrdinalIgnoreCase)
            .ToList();
        var readers = await WithLinkAsync(actor, answered.Link.Message.Id, everybody.Select(one => one.Address), key, cancellationToken);
        var views = new List<CorrespondentView>();
        foreach (var one in everybody)
        {
            var isReached = readers.Contains(one.Address) || (AddrSpec.TryParse(one.Address, out var address) && await InsideAsync(actor, address, cancellationToken) is not null);
            views.Add(new CorrespondentView(one.Address, one.Name, isReached && (all || first.Contains(one)), isReached));
        }

        return views;
    }

    /// <summary>Of a new message: whoever wrote to them from a mailbox here, the last one first.</summary>
    public async Task<IReadOnlyList<CorrespondentView>> OfNewAsync(Actor.Reader actor, SealingKey key, CancellationToken cancellationToken)
    {
        List<SecureMessage> messages;
        await using (var db = await database.ReadAsync(actor.Organisation, cancellationToken))
        {
            messages = await db.SecureMessages
                .Where(one => one.OrganisationId == actor.Organisation && one.AuthorId == null
                    && db.SecureLinks.Any(link => link.OrganisationId == actor.Organisation && link.MessageId == one.Id && link.ReaderId == actor.Id && link.ReadyAt != null))
                .OrderByDescending(one => one.CreatedAt)
                .Take(MostSenders)
                .ToListAsync(cancellationToken);
        }

        return messages
            .Select(one => one.Sender(key))
            .DistinctBy(one => one.Address, StringComparer.OrdinalIgnoreCase)
            .Select((one, index) => new CorrespondentView(one.Address, one.Name, index == 0, IsReached: true))
            .ToList();
    }

    public async Task<ResolvedRecipients> ResolveAsync(
        Actor.Reader actor, IReadOnlyList<CorrespondentView> offered, ReaderDraftContent content, ReaderReach reach, CancellationToken cancellationToken)
    {
        var recipients = new List<AnswerRecipient>();
        foreach (var one in offered.Where(one => one.IsReached && content.Chosen.Contains(one.Address, StringComparer.OrdinalIgnoreCase)))
        {
            if (AddrSpec.TryParse(one.Address, out var address))
            {
                recipients.Add(new AnswerRecipient(address, one.Name, await InsideAsync(actor, address, cancellationToken)));
            }
        }

        var others = content.Others.Split([',', ';', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (others.Length > Answering.MostOthers)
        {
            return new ResolvedRecipients([], AreTooMany: true);
        }

        foreach (var typed in others)
        {
            if (await OtherAsync(actor, typed, reach, cancellationToken) is not { } other)
            {
                return new ResolvedRecipients([], typed);
            }

            recipients.Add(other);
        }

        return new ResolvedRecipients(recipients.DistinctBy(one => AddressKey.Of(one.Address)).ToList());
    }

    private async Task<AnswerRecipient?> OtherAsync(Actor.Reader actor, string typed, ReaderReach reach, CancellationToken cancellationToken)
    {
        if (reach == ReaderReach.Correspondents || !AddrSpec.TryParse(typed, out var address))
        {
            return null;
        }

        var inside = await InsideAsync(actor, address, cancellationToken);
        return inside is null && reach != ReaderReach.Anybody ? null : new AnswerRecipient(address, string.Empty, inside);
    }

    private async Task<MailboxPlace?> InsideAsync(Actor.Reader actor, AddrSpec address, CancellationToken cancellationToken) =>
        await directory.FindMailboxAsync(AddressKey.Of(address), actor.Organisation, cancellationToken) is { } place && place.Organisation == actor.Organisation ? place : null;

    private async Task<HashSet<string>> WithLinkAsync(
        Actor.Reader actor, SecureMessageId message, IEnumerable<string> addresses, SealingKey key, CancellationToken cancellationToken)
    {
        var tokens = addresses.Select(one => (Address: one, Token: Reader.TokenOf(one, key))).ToList();
        var wanted = tokens.ConvertAll(one => one.Token);
        await using var db = await database.ReadAsync(actor.Organisation, cancellationToken);
        var found = await db.SecureLinks
            .Where(one => one.OrganisationId == actor.Organisation && one.MessageId == message)
            .Join(db.Readers, one => one.ReaderId, reader => reader.Id, (_, reader) => reader.AddressToken)
            .Where(one => wanted.Contains(one))
            .ToListAsync(cancellationToken);
        return tokens.Where(one => found.Exists(token => token.AsSpan().SequenceEqual(one.Token))).Select(one => one.Address).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static bool IsSame(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
