using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Microsoft.Extensions.Options;
using Portal.Application.Organisations;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks.Answers;

/// <param name="Id">The draft.</param>
/// <param name="Subject">As typed; null for an answer, whose subject is that of what it answers.</param>
/// <param name="SavedAt">Last.</param>
public sealed record ReaderDraftRow(ReaderDraftId Id, bool IsAnswer, string? Subject, DateTimeOffset SavedAt);

/// <summary>What readers are writing.</summary>
public sealed class ReaderDrafts
{
    /// <summary>Characters.</summary>
    public const int LongestText = 200_000;

    private const int MostDrafts = 50;
    private static readonly ReaderDraftContent Empty = new([], string.Empty, string.Empty, string.Empty);

    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly ReadersLinks _links;
    private readonly LinkContents _contents;
    private readonly AnswerRecipients _recipients;
    private readonly SecureLinkOptions _options;
    private readonly TimeProvider _clock;

    internal ReaderDrafts(
        PortalDatabase database,
        DataKeys keys,
        ReadersLinks links,
        LinkContents contents,
        AnswerRecipients recipients,
        IOptions<SecureLinkOptions> options,
        TimeProvider clock)
    {
        (_database, _keys, _links, _contents) = (database, keys, links, contents);
        (_recipients, _options, _clock) = (recipients, options.Value, clock);
    }

    /// <param name="reader">Who writes.</param>
    /// <param name="draft">Goes on with it; null begins.</param>
    /// <param name="answers">Their link to what they answer; null for a new message.</param>
    /// <param name="all">The answer goes to everybody.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<AnswerOpening> OpenAsync(SignedInReader reader, ReaderDraftId? draft, SecureLinkId? answers, bool all, CancellationToken cancellationToken)
    {
        try
        {
            using var key = await _keys.OfOrganisationAsync(reader.Actor.Organisation, cancellationToken);
            return draft is { } known ? await GoOnAsync(reader, known, key, cancellationToken)
                : answers is { } link ? await AnswerAsync(reader, link, all, key, cancellationToken)
                : new AnswerOpening.Ready(
                    await ViewAsync(reader, null, null, await _recipients.OfNewAsync(reader.Actor, key, cancellationToken), Empty, [], cancellationToken));
        }
        catch (KeyStoreException)
        {
            return new AnswerOpening.KeyUnavailable();
        }
    }

    private async Task<AnswerOpening> AnswerAsync(SignedInReader reader, SecureLinkId answers, bool all, SealingKey key, CancellationToken cancellationToken)
    {
        if (await _links.OpenedAsync(reader, answers, cancellationToken) is not { } opened)
        {
            return await _links.FindAsync(reader, answers, cancellationToken) is null ? new AnswerOpening.NotFound()
                : await _links.MayOpenAsync(reader, answers, cancellationToken) ? new AnswerOpening.NotOpened(answers, null) : new AnswerOpening.Closed(null, string.Empty);
        }

        var correspondents = await _recipients.OfAnswerAsync(reader.Actor, opened, opened.Link.Reader.Address(key), all, key, cancellationToken);
        var quote = await QuoteAsync(reader, opened, cancellationToken);
        return new AnswerOpening.Ready(await ViewAsync(reader, answers, null, correspondents, Empty with { Subject = Answered(opened.Report.Subject), Text = quote }, [], cancellationToken));
    }

    private async Task<AnswerOpening> GoOnAsync(SignedInReader reader, ReaderDraftId id, SealingKey key, CancellationToken cancellationToken)
    {
        if (await LoadAsync(reader, id, cancellationToken) is not var (draft, files))
        {
            return new AnswerOpening.NotFound();
        }

        // It quotes: what it answers has to be open, with all that this asks for.
        if (draft.AnswersId is { } answers && await _links.OpenedAsync(reader, answers, cancellationToken) is null)
        {
            return await _links.MayOpenAsync(reader, answers, cancellationToken)
                ? new AnswerOpening.NotOpened(answers, id)
                : new AnswerOpening.Closed(id, await OwnWordsAsync(reader, draft, answers, key, cancellationToken));
        }

        var content = draft.Content(key);
        var offered = await OfferedAsync(reader, draft, key, cancellationToken);
        var correspondents = offered.Select(one => one with { IsChosen = one.IsReached && content.Chosen.Contains(one.Address, StringComparer.OrdinalIgnoreCase) }).ToList();
        var views = files.ConvertAll(one => new ReaderFileView(one.Id, one.Description(key).FileName, one.Length, one.IsWhole));
        return new AnswerOpening.Ready(
            await ViewAsync(reader, draft.AnswersId, id, correspondents, content, views, cancellationToken));
    }

    private async Task<string> OwnWordsAsync(SignedInReader reader, ReaderDraft draft, SecureLinkId answers, SealingKey key, CancellationToken cancellationToken)
    {
        var text = draft.Content(key).Text;
        return await _links.FindAsync(reader, answers, cancellationToken) is { } answered ? Quote.Without(text, answered.Link.Message.Sender(key)) : text;
    }

    /// <summary>The newest first.</summary>
    /// <param name="db">For reading.</param>
    /// <param name="reader">Whose.</param>
    /// <param name="key">The organisation's.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal static async Task<IReadOnlyList<ReaderDraftRow>> ListAsync(PortalDbContext db, SignedInReader reader, SealingKey key, CancellationToken cancellationToken)
    {
        var drafts = await OfReader(db, reader).OrderByDescending(one => one.SavedAt).Take(MostDrafts).ToListAsync(cancellationToken);
        return drafts.ConvertAll(one => new ReaderDraftRow(one.Id, one.AnswersId is not null, one.AnswersId is null ? one.Content(key).Subject : null, one.SavedAt));
    }

    /// <param name="reader">Also one whose session was idle too long: they only put something down.</param>
    /// <param name="id">The page's choice when it begins one, so that a form that comes twice is one draft.</param>
    /// <param name="answers">Their link to what they answer.</param>
    /// <param name="content">As they typed it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<ReaderSaving> SaveAsync(SignedInReader reader, ReaderDraftId id, SecureLinkId? answers, ReaderDraftContent content, CancellationToken cancellationToken)
    {
        try
        {
            var kept = Kept(content);
            return await TrySaveAsync(reader, id, answers, kept, cancellationToken) ? new ReaderSaving.Saved(id, IsAnew: false)
                : ReaderDraftId.New() is var anew && await WasSentOtherwiseAsync(reader, id, kept, cancellationToken) && await TrySaveAsync(reader, anew, answers, kept, cancellationToken)
                    ? new ReaderSaving.Saved(anew, IsAnew: true)
                    : new ReaderSaving.Gone();
        }
        catch (KeyStoreException)
        {
            return new ReaderSaving.KeyUnavailable();
        }
    }

    private static ReaderDraftContent Kept(ReaderDraftContent typed) =>
        typed with { Text = typed.Text.Length <= LongestText ? typed.Text : typed.Text[..LongestText], Subject = PlainText.Line(typed.Subject) };

    /// <summary>Something else was sent from it, in another window: the same form that comes twice is one message.</summary>
    private async Task<bool> WasSentOtherwiseAsync(SignedInReader reader, ReaderDraftId id, ReaderDraftContent content, CancellationToken cancellationToken)
    {
        var (organisation, message) = (reader.Actor.Organisation, SecureMessageId.From(id.Value));
        using var key = await _keys.OfOrganisationAsync(organisation, cancellationToken);
        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        var sent = await db.SecureMessages.SingleOrDefaultAsync(one => one.OrganisationId == organisation && one.Id == message && one.AuthorId == reader.Actor.Id, cancellationToken);
        return sent?.WrittenToken is { } written && !written.AsSpan().SequenceEqual(content.Token(key));
    }

    private async Task<bool> TrySaveAsync(
        SignedInReader reader, ReaderDraftId id, SecureLinkId? answers, ReaderDraftContent content, CancellationToken cancellationToken)
    {
        using var key = await _keys.OfOrganisationAsync(reader.Actor.Organisation, cancellationToken);
        await using var db = await _database.WriteAsync(reader.Actor.Organisation, cancellationToken);
        await Readers.HoldAsync(db, reader.Actor.Organisation, reader.Actor.Id, cancellationToken);
        var draft = await OfReader(db, reader).AsTracking().SingleOrDefaultAsync(one => one.Id == id, cancellationToken)
            ?? await BeginAsync(db, reader, id, answers, cancellationToken);
        if (draft is null)
        {
            return false;
        }

        draft.Save(content, key, _clock.GetUtcNow());
        await db.CommitAsync(cancellationToken);
        return true;
    }

    public async Task DiscardAsync(SignedInReader reader, ReaderDraftId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(reader.Actor.Organisation, cancellationToken);
        await OfReader(db, reader).Where(one => one.Id == id).ExecuteDeleteAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    internal async Task<(ReaderDraft Draft, List<ReaderFile> Files)?> LoadAsync(SignedInReader reader, ReaderDraftId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(reader.Actor.Organisation, cancellationToken);
        return await OfReader(db, reader).SingleOrDefaultAsync(one => one.Id == id, cancellationToken) is { } draft
            ? (draft, await FilesOfAsync(db, draft, cancellationToken))
            : null;
    }

    internal static Task<List<ReaderFile>> FilesOfAsync(PortalDbContext db, ReaderDraft draft, CancellationToken cancellationToken) => db.ReaderFiles
        .Where(one => one.OrganisationId == draft.OrganisationId && one.DraftId == draft.Id)
        .OrderBy(one => one.AddedAt)
        .ThenBy(one => one.Id)
        .ToListAsync(cancellationToken);

    /// <summary>Nobody, for an answer to what is not open in this session.</summary>
    internal async Task<IReadOnlyList<CorrespondentView>> OfferedAsync(SignedInReader reader, ReaderDraft draft, SealingKey key, CancellationToken cancellationToken) =>
        draft.AnswersId is not { } answers ? await _recipients.OfNewAsync(reader.Actor, key, cancellationToken)
        : await _links.OpenedAsync(reader, answers, cancellationToken) is { } opened
            ? await _recipients.OfAnswerAsync(reader.Actor, opened, opened.Link.Reader.Address(key), all: false, key, cancellationToken)
            : [];

    internal static IQueryable<ReaderDraft> OfReader(PortalDbContext db, SignedInReader reader) =>
        db.ReaderDrafts.Where(one => one.OrganisationId == reader.Actor.Organisation && one.ReaderId == reader.Actor.Id);

    /// <summary>What is sent has the name of its draft.</summary>
    private static Task<bool> WasSentAsync(PortalDbContext db, OrganisationId organisation, ReaderDraftId id, CancellationToken cancellationToken)
    {
        var message = SecureMessageId.From(id.Value);
        return db.SecureMessages.AnyAsync(one => one.OrganisationId == organisation && one.Id == message, cancellationToken);
    }

    // What takes room has to take it somewhere: with whom they answer, or else with who wrote last.
    private static async Task<ReaderDraft?> BeginAsync(PortalDbContext db, SignedInReader reader, ReaderDraftId id, SecureLinkId? answers, CancellationToken cancellationToken)
    {
        var organisation = reader.Actor.Organisation;
        if (await WasSentAsync(db, organisation, id, cancellationToken) || await db.ReaderDrafts.AnyAsync(one => one.OrganisationId == organisation && one.Id == id, cancellationToken))
        {
            return null;
        }

        var mailboxes = await db.SecureLinks
            .Where(one => one.OrganisationId == organisation && one.ReaderId == reader.Actor.Id && one.ReadyAt != null && (answers == null || one.Id == answers))
            .OrderByDescending(one => one.CreatedAt)
            .Join(db.SecureMessages, one => one.MessageId, message => message.Id, (_, message) => message.MailboxId)
            .Take(1)
            .ToListAsync(cancellationToken);
        if (mailboxes.Count == 0 || await OfReader(db, reader).CountAsync(cancellationToken) >= MostDrafts)
        {
            return null;
        }

        var row = await db.Readers.SingleAsync(one => one.OrganisationId == organisation && one.Id == reader.Actor.Id, cancellationToken);
        var draft = new ReaderDraft(row, id, answers, mailboxes[0]);
        db.ReaderDrafts.Add(draft);
        return draft;
    }

    private async Task<AnswerView> ViewAsync(
        SignedInReader reader,
        SecureLinkId? answers,
        ReaderDraftId? draft,
        IReadOnlyList<CorrespondentView> correspondents,
        ReaderDraftContent content,
        IReadOnlyList<ReaderFileView> files,
        CancellationToken cancellationToken)
    {
        var organisation = reader.Actor.Organisation;
        ReaderReach reach;
        await using (var db = await _database.ReadAsync(organisation, cancellationToken))
        {
            reach = (await db.Organisations.SingleAsync(one => one.Id == organisation, cancellationToken)).ReaderReach;
        }

        var resolved = await _recipients.ResolveAsync(reader.Actor, [], content, reach, cancellationToken);
        return new AnswerView(
            answers, draft, correspondents, reach != ReaderReach.Correspondents, content.Subject, content.Others, resolved.NotReached, content.Text, files, _options.FileBytes);
    }

    private async Task<string> QuoteAsync(SignedInReader reader, OpenedLink opened, CancellationToken cancellationToken)
    {
        var words = await _contents.WordsAsync(reader, opened.Link.Link.Id, cancellationToken) ?? string.Empty;
        var at = (opened.Report.Date ?? opened.Link.Message.CreatedAt).ToUniversalTime().ToString(LinkTexts.QuoteAt, CultureInfo.CurrentCulture);
        var from = opened.Report.From is { } sender ? (sender.Name.Length > 0 ? sender.Name : sender.Address) : string.Empty;
        return Quote.Of(words, LinkTexts.Wrote.With(at, from));
    }

    private static string Answered(string subject) => subject.StartsWith("Re:", StringComparison.OrdinalIgnoreCase) ? subject : $"Re: {subject}";
}
