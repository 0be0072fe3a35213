using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Smime.Cms;

namespace Portal.Application.Policies;

/// <summary>What an organisation and each of its people allow and block of the mail that comes in.</summary>
public sealed class IncomingLists
{
    internal const int MostOfOrganisation = 50_000;
    internal const int MostOfPerson = 2_000;
    private const int LongestNote = 200;
    private const int Shown = 200;

    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly TimeProvider _clock;

    internal IncomingLists(PortalDatabase database, DataKeys keys, TimeProvider clock) => (_database, _keys, _clock) = (database, keys, clock);

    /// <param name="actor">Who asks.</param>
    /// <param name="scope">Which list: the organisation's, or one's own.</param>
    /// <param name="find">A part of value or note; empty for all.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<ListPage> ListAsync(Actor actor, ListScope scope, string find, CancellationToken cancellationToken)
    {
        var all = await AllAsync(actor, scope, cancellationToken);
        var found = all
            .Where(one => one.Value.Contains(find.Trim(), StringComparison.OrdinalIgnoreCase) || one.Note.Contains(find.Trim(), StringComparison.CurrentCultureIgnoreCase))
            .ToList();
        return new ListPage(found.Take(Shown).ToList(), found.Count, all.Count);
    }

    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<ListChange> AddAsync(Actor actor, ListScope scope, NewListEntry typed, CancellationToken cancellationToken)
    {
        if (Check(typed) is { } problem)
        {
            return new ListChange.Invalid(problem);
        }

        using var key = await _keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await EntriesOf(db, actor, scope).CountAsync(cancellationToken) >= (scope == ListScope.Organisation ? MostOfOrganisation : MostOfPerson))
        {
            return new ListChange.Invalid(ListProblem.TooMany);
        }

        var change = await AddAsync(db, key, actor, scope, typed, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return change;
    }

    /// <returns>What was removed, so that it can be added again; null when there is no such entry in that list.</returns>
    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<NewListEntry?> RemoveAsync(Actor actor, ListScope scope, ListEntryId id, CancellationToken cancellationToken)
    {
        using var key = await _keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var removed = await RemoveAsync(db, key, actor, scope, id, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return removed;
    }

    /// <returns>SHA-256, hexadecimal; null for what is no certificate in PEM or DER.</returns>
    public static async Task<string?> FingerprintOfAsync(byte[] file, CancellationToken cancellationToken) =>
        await CertificateFiles.ReadAsync(file, cancellationToken) is [var certificate] ? certificate.GetCertHashString(HashAlgorithmName.SHA256) : null;

    /// <summary>What the lists say about a message for one mailbox's owner.</summary>
    internal async Task<ListMark?> JudgeAsync(OrganisationId organisation, AccountId owner, SenderFacts sender, CancellationToken cancellationToken)
    {
        var values = sender.Values;
        if (values.Count == 0)
        {
            return null;
        }

        using var key = await _keys.OfOrganisationAsync(organisation, cancellationToken);
        var tokens = values.Select(value => value.Token(key)).ToList();
        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        var found = await db.ListEntries
            .Where(one => one.OrganisationId == organisation && (one.OwnerId == null || one.OwnerId == owner) && tokens.Contains(one.Token))
            .Select(one => new { one.Id, one.OwnerId, one.Action, one.Token })
            .ToListAsync(cancellationToken);
        return ListEvaluation.Decide(
            found.Select(one => new FoundEntry(
                one.Id,
                one.OwnerId is null ? ListScope.Organisation : ListScope.Personal,
                one.Action,
                values[tokens.FindIndex(token => token.AsSpan().SequenceEqual(one.Token))])),
            sender.IsProven);
    }

    /// <summary>In the caller's transaction, with its audit entry; the value is checked already.</summary>
    internal async Task<ListChange.Done> AddAsync(
        PortalDbContext db, SealingKey key, Actor actor, ListScope scope, NewListEntry typed, CancellationToken cancellationToken)
    {
        var value = ListedValue.Read(typed.Value) ?? throw new ArgumentException("The value was not checked.", nameof(typed));
        var token = value.Token(key);
        var before = await EntriesOf(db, actor, scope).SingleOrDefaultAsync(one => one.Token == token, cancellationToken);
        NewListEntry? replaced = null;
        if (before is not null)
        {
            replaced = Content(before, key);
            db.ListEntries.Remove(before);

            // What is unique is deleted before it is inserted again.
            await db.SaveChangesAsync(cancellationToken);
        }

        var entry = Make(actor, scope, typed.Action, value, PlainText.Line(typed.Note), key);
        db.ListEntries.Add(entry);
        db.Record(Event(actor, AuditAction.ListEntryAdded, entry, before is null ? null : before.Action));
        return new ListChange.Done(entry.Id, value.Text, replaced);
    }

    /// <summary>In the caller's transaction, with its audit entry.</summary>
    internal static async Task<NewListEntry?> RemoveAsync(
        PortalDbContext db, SealingKey key, Actor actor, ListScope scope, ListEntryId id, CancellationToken cancellationToken)
    {
        if (await EntriesOf(db, actor, scope).SingleOrDefaultAsync(one => one.Id == id, cancellationToken) is not { } entry)
        {
            return null;
        }

        db.ListEntries.Remove(entry);
        db.Record(Event(actor, AuditAction.ListEntryRemoved, entry, null));
        return Content(entry, key);
    }

    /// <summary>Takes a person's own blocks of any of the values away, in the caller's transaction.</summary>
    internal static async Task<IReadOnlyList<NewListEntry>> UnblockAsync(
        PortalDbContext db, SealingKey key, Actor actor, IReadOnlyList<ListedValue> values, CancellationToken cancellationToken)
    {
        var tokens = values.Select(value => value.Token(key)).ToList();
        var entries = await EntriesOf(db, actor, ListScope.Personal)
            .Where(one => one.Action == ListAction.Block && tokens.Contains(one.Token))
            .ToListAsync(cancellationToken);
        db.ListEntries.RemoveRange(entries);
        db.Record(entries.Select(entry => Event(actor, AuditAction.ListEntryRemoved, entry, null)));
        return entries.ConvertAll(entry => Content(entry, key));
    }

    internal static ListProblem? Check(NewListEntry typed) => typed switch
    {
        { Note.Length: > LongestNote } => ListProblem.NoteTooLong,
        _ => ListedValue.Read(typed.Value) is null ? ListProblem.ValueUnknown : null,
    };

    internal ListEntry Make(Actor actor, ListScope scope, ListAction action, ListedValue value, string note, SealingKey key)
    {
        var person = (actor as Actor.Person)?.Account;
        return new ListEntry(actor.Organisation, scope == ListScope.Personal ? person : null, action, value, note, key, person, _clock.GetUtcNow());
    }

    internal async Task<IReadOnlyList<ListEntryView>> AllAsync(Actor actor, ListScope scope, CancellationToken cancellationToken)
    {
        using var key = await _keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var rows = await (
            from entry in EntriesOf(db, actor, scope)
            join account in db.Accounts on entry.CreatedBy equals (AccountId?)account.Id into makers
            from account in makers.DefaultIfEmpty()
            orderby entry.CreatedAt descending, entry.Id
            select new { entry, By = account == null ? null : account.DisplayName }).ToListAsync(cancellationToken);
        return rows.ConvertAll(one =>
        {
            var content = one.entry.Content(key);
            return new ListEntryView(one.entry.Id, one.entry.Action, one.entry.Kind, content.Value, content.Note, one.entry.CreatedAt, one.By);
        });
    }

    /// <summary>Where every look at a list starts, with the permission that it needs.</summary>
    internal static IQueryable<ListEntry> EntriesOf(PortalDbContext db, Actor actor, ListScope scope)
    {
        actor.Demand(scope == ListScope.Organisation ? Permission.ManagePolicies : Permission.UseMail);
        AccountId? owner = scope == ListScope.Organisation ? null
            : (actor as Actor.Person)?.Account ?? throw new UnauthorizedAccessException("A personal list is a person's.");
        return db.ListEntries.Where(one => one.OrganisationId == actor.Organisation && one.OwnerId == owner);
    }

    private static NewListEntry Content(ListEntry entry, SealingKey key)
    {
        var content = entry.Content(key);
        return new NewListEntry(entry.Action, content.Value, content.Note);
    }

    // Values are addresses, as a rule: they are not on record, the entry is.
    private static AuditEvent Event(Actor actor, AuditAction action, ListEntry entry, ListAction? replaced)
    {
        var facts = new Dictionary<string, string>
        {
            ["list"] = entry.OwnerId is null ? nameof(ListScope.Organisation) : nameof(ListScope.Personal),
            ["action"] = entry.Action.ToString(),
            ["kind"] = entry.Kind.ToString(),
        };
        if (replaced is { } before)
        {
            facts["replaced"] = before.ToString();
        }

        return new AuditEvent(actor, action, entry.Id.Value, facts);
    }
}
