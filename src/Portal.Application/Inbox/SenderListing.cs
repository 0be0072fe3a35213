using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Mailboxes;
using Portal.Application.Policies;
using Portal.Smime.Pkix;

namespace Portal.Application.Inbox;

/// <summary>How to take back what was done with a message's sender.</summary>
/// <param name="Message">Which message.</param>
/// <param name="Was">Where it was; null when it was not moved.</param>
/// <param name="Added">The entry that was made.</param>
/// <param name="Removed">The entries that were there before.</param>
public sealed record SenderUndo(StoredMessageId Message, FolderKind? Was, ListEntryId? Added, IReadOnlyList<NewListEntry> Removed);

public abstract record SenderChange
{
    /// <param name="Value">What is listed, or was.</param>
    /// <param name="Moved">Where the message is now; null when it stayed.</param>
    /// <param name="Undo">Takes it back.</param>
    public sealed record Done(string Value, FolderKind? Moved, SenderUndo Undo) : SenderChange;

    /// <summary>There is no such message, or it names no such sender.</summary>
    public sealed record NotPossible : SenderChange;

    /// <summary>One's own list is full.</summary>
    public sealed record ListFull : SenderChange;
}

/// <summary>What a reader decides about the sender of the message that is open: one's own list and the message's folder, changed together.</summary>
public sealed class SenderListing
{
    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly IncomingLists _lists;

    internal SenderListing(PortalDatabase database, DataKeys keys, IncomingLists lists) => (_database, _keys, _lists) = (database, keys, lists);

    /// <summary>Into one's own list; what is blocked goes to junk, what is allowed comes out of it.</summary>
    /// <param name="actor">The reader.</param>
    /// <param name="id">A message of theirs.</param>
    /// <param name="action">Block or allow.</param>
    /// <param name="kind">Its sender's address, their domain, or the certificate of a valid signature.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<SenderChange> ListAsync(Actor.Person actor, StoredMessageId id, ListAction action, ListKind kind, CancellationToken cancellationToken)
    {
        if (await ReportAsync(actor, id, cancellationToken) is not { } report || Value(report, kind) is not { } value)
        {
            return new SenderChange.NotPossible();
        }

        using var key = await _keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await IncomingLists.EntriesOf(db, actor, ListScope.Personal).CountAsync(cancellationToken) >= IncomingLists.MostOfPerson)
        {
            return new SenderChange.ListFull();
        }

        var message = await db.MessagesOf(actor).SingleAsync(one => one.Id == id, cancellationToken);
        var added = await _lists.AddAsync(db, key, actor, ListScope.Personal, new NewListEntry(action, value, string.Empty), cancellationToken);
        var target = action == ListAction.Block ? FolderKind.Junk : FolderKind.Inbox;
        var was = await MoveAsync(db, actor, message, target, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return new SenderChange.Done(added.Value, was is null ? null : target, new SenderUndo(id, was, added.Id, added.Replaced is { } replaced ? [replaced] : []));
    }

    /// <summary>Back to the inbox, and one's own entries that block its sender are taken away.</summary>
    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<SenderChange> NotJunkAsync(Actor.Person actor, StoredMessageId id, CancellationToken cancellationToken)
    {
        if (await ReportAsync(actor, id, cancellationToken) is not { } report)
        {
            return new SenderChange.NotPossible();
        }

        using var key = await _keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var message = await db.MessagesOf(actor).SingleAsync(one => one.Id == id, cancellationToken);
        var removed = await IncomingLists.UnblockAsync(db, key, actor, Sender(report).Values, cancellationToken);
        var was = await MoveAsync(db, actor, message, FolderKind.Inbox, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return new SenderChange.Done(string.Join(", ", removed.Select(one => one.Value)), was is null ? null : FolderKind.Inbox, new SenderUndo(id, was, null, removed));
    }

    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task UndoAsync(Actor.Person actor, SenderUndo undo, CancellationToken cancellationToken)
    {
        using var key = await _keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (undo.Added is { } added)
        {
            await IncomingLists.RemoveAsync(db, key, actor, ListScope.Personal, added, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }

        foreach (var removed in undo.Removed)
        {
            await _lists.AddAsync(db, key, actor, ListScope.Personal, removed, cancellationToken);
        }

        if (undo.Was is { } was && await db.MessagesOf(actor).SingleOrDefaultAsync(one => one.Id == undo.Message, cancellationToken) is { } message)
        {
            await db.MoveAsync(actor, message, was, cancellationToken);
        }

        await db.CommitAsync(cancellationToken);
    }

    // What is blocked leaves for junk from anywhere; what is not junk leaves junk only.
    private static async Task<FolderKind?> MoveAsync(
        PortalDbContext db, Actor actor, StoredMessage message, FolderKind target, CancellationToken cancellationToken)
    {
        var now = await db.Folders
            .Where(one => one.OrganisationId == actor.Organisation && one.Id == message.FolderId)
            .Select(one => one.Kind)
            .SingleAsync(cancellationToken);
        return (now == FolderKind.Junk) != (target == FolderKind.Junk)
            ? await db.MoveAsync(actor, message, target, cancellationToken)
            : null;
    }

    private async Task<MessageReport?> ReportAsync(Actor.Person actor, StoredMessageId id, CancellationToken cancellationToken)
    {
        StoredMessage? message;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            var sent = db.FoldersOf(actor).Where(folder => folder.Kind == FolderKind.Sent).Select(folder => folder.Id);
            message = await db.MessagesOf(actor)
                .SingleOrDefaultAsync(one => one.Id == id && one.State != MessageState.Arrived && !sent.Contains(one.FolderId), cancellationToken);
        }

        if (message is null)
        {
            return null;
        }

        using var key = await _keys.OfMailboxAsync(actor.Organisation, message.MailboxId, cancellationToken);
        return MessageReport.Open(key, message);
    }

    private static SenderFacts Sender(MessageReport report)
    {
        AddrSpec[] from = AddrSpec.TryParse(report.From?.Address ?? string.Empty, out var address) ? [address] : [];
        return new SenderFacts(from, report.Verdict.Signers.Select(signer => signer.Fingerprint).OfType<string>().ToList(), IsProven: false);
    }

    private static string? Value(MessageReport report, ListKind kind)
    {
        var value = kind switch
        {
            ListKind.Address => report.From?.Address,
            ListKind.Domain => report.From?.Address.Split('@')[^1],
            ListKind.Certificate => report.Verdict is { Verdict: MessageVerdict.SignedValid, Signers: [{ Fingerprint: { } fingerprint }, ..] } ? fingerprint : null,
        };
        return value is not null && ListedValue.Read(value)?.Kind == kind ? value : null;
    }
}
