using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;

namespace Portal.Application.Policies;

/// <param name="Line">In the file, from 1.</param>
/// <param name="Problem">Why it was not taken.</param>
public sealed record BadLine(int Line, ListProblem Problem);

public abstract record ListImport
{
    /// <param name="Added">New entries.</param>
    /// <param name="Replaced">Entries that said the opposite before, or had another note.</param>
    /// <param name="Unchanged">Entries that were there already.</param>
    /// <param name="Bad">Lines that were left out.</param>
    public sealed record Done(int Added, int Replaced, int Unchanged, IReadOnlyList<BadLine> Bad) : ListImport;

    /// <summary>More than 10,000 lines or 4 MB; nothing was taken.</summary>
    public sealed record TooLarge : ListImport;

    /// <summary>No line but, perhaps, a heading.</summary>
    public sealed record Empty : ListImport;

    /// <summary>Bytes that are no UTF-8; nothing was taken.</summary>
    public sealed record NotText : ListImport;
}

/// <summary>The organisation's lists as files: action, kind, value, note.</summary>
public sealed class ListTransfer
{
    /// <summary>Bytes.</summary>
    public const int LargestFile = 4 * 1024 * 1024;

    private const int MostLines = 10_000;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly string[] Columns = ["action", "kind", "value", "note"];

    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly IncomingLists _lists;

    internal ListTransfer(PortalDatabase database, DataKeys keys, IncomingLists lists) => (_database, _keys, _lists) = (database, keys, lists);

    /// <summary>Good lines are taken, each bad one is named. Where a value stands twice, the last line counts.</summary>
    /// <param name="actor">Whose organisation.</param>
    /// <param name="file">UTF-8.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<ListImport> ImportAsync(Actor actor, Stream file, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePolicies);
        string? text;
        try
        {
            text = await ReadAsync(file, cancellationToken);
        }
        catch (DecoderFallbackException)
        {
            return new ListImport.NotText();
        }

        if (text is null)
        {
            return new ListImport.TooLarge();
        }

        var lines = CsvLines.Read(text).Take(MostLines + 2).ToList();
        if (lines is [(_, [var heading, ..]), ..] && heading.Equals(Columns[0], StringComparison.OrdinalIgnoreCase))
        {
            lines.RemoveAt(0);
        }

        return lines.Count switch
        {
            0 => new ListImport.Empty(),
            > MostLines => new ListImport.TooLarge(),
            _ => await SaveAsync(actor, lines, cancellationToken),
        };
    }

    /// <summary>All entries; that they were taken out is on record.</summary>
    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<Stream> ExportAsync(Actor actor, CancellationToken cancellationToken)
    {
        var entries = await _lists.AllAsync(actor, ListScope.Organisation, cancellationToken);
        var text = new StringBuilder(CsvLines.Write(Columns));
        foreach (var entry in entries.Reverse())
        {
            text.Append(CsvLines.Write(entry.Action.ToString(), entry.Kind.ToString(), entry.Value, entry.Note));
        }

        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        db.Record(new AuditEvent(actor, AuditAction.ListExported, null, new Dictionary<string, string> { ["entries"] = $"{entries.Count}" }));
        await db.CommitAsync(cancellationToken);

        // With a mark at its beginning, by which spreadsheets know UTF-8.
        return new MemoryStream([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())]);
    }

    private async Task<ListImport.Done> SaveAsync(Actor actor, List<(int Line, List<string>? Fields)> lines, CancellationToken cancellationToken)
    {
        using var key = await _keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var known = (await IncomingLists.EntriesOf(db, actor, ListScope.Organisation).ToListAsync(cancellationToken)).ToDictionary(one => Convert.ToHexString(one.Token));
        var wanted = new Dictionary<string, NewListEntry>();
        var bad = new List<BadLine>();
        foreach (var (line, fields) in lines)
        {
            var (entry, problem) = Read(fields);
            var token = entry is null ? string.Empty : Convert.ToHexString(ListedValue.Read(entry.Value)!.Value.Token(key));
            if (entry is not null && !known.ContainsKey(token) && !wanted.ContainsKey(token) && known.Count + wanted.Count >= IncomingLists.MostOfOrganisation)
            {
                (entry, problem) = (null, ListProblem.TooMany);
            }

            if (entry is null)
            {
                bad.Add(new BadLine(line, problem));
            }
            else
            {
                wanted[token] = entry;
            }
        }

        return await ReplaceAsync(db, actor, key, known, wanted, bad, cancellationToken);
    }

    private async Task<ListImport.Done> ReplaceAsync(
        PortalDbContext db,
        Actor actor,
        SealingKey key,
        Dictionary<string, ListEntry> known,
        Dictionary<string, NewListEntry> wanted,
        List<BadLine> bad,
        CancellationToken cancellationToken)
    {
        var changed = wanted.Where(one => !known.TryGetValue(one.Key, out var entry) || entry.Action != one.Value.Action || entry.Content(key).Note != one.Value.Note).ToList();
        var replaced = changed.Where(one => known.ContainsKey(one.Key)).Select(one => known[one.Key]).ToList();
        db.ListEntries.RemoveRange(replaced);
        await db.SaveChangesAsync(cancellationToken);
        db.ListEntries.AddRange(changed.Select(one =>
            _lists.Make(actor, ListScope.Organisation, one.Value.Action, ListedValue.Read(one.Value.Value)!.Value, one.Value.Note, key)));
        db.Record(new AuditEvent(actor, AuditAction.ListImported, null, new Dictionary<string, string>
        {
            ["added"] = $"{changed.Count - replaced.Count}",
            ["replaced"] = $"{replaced.Count}",
            ["bad"] = $"{bad.Count}",
        }));
        await db.CommitAsync(cancellationToken);
        return new ListImport.Done(changed.Count - replaced.Count, replaced.Count, wanted.Count - changed.Count, bad);
    }

    private static (NewListEntry? Entry, ListProblem Problem) Read(List<string>? fields)
    {
        if (fields is not { Count: >= 3 and <= 4 })
        {
            return (null, ListProblem.LineMalformed);
        }

        if (!Enum.TryParse<ListAction>(fields[0], ignoreCase: true, out var action) || !Enum.IsDefined(action) || char.IsAsciiDigit(fields[0][0]))
        {
            return (null, ListProblem.ActionUnknown);
        }

        var entry = new NewListEntry(action, fields[2], fields.Count == 4 ? fields[3] : string.Empty);
        if (IncomingLists.Check(entry) is { } problem)
        {
            return (null, problem);
        }

        return fields[1].Length > 0 && !fields[1].Equals(ListedValue.Read(entry.Value)!.Value.Kind.ToString(), StringComparison.OrdinalIgnoreCase)
            ? (null, ListProblem.KindDiffers)
            : (entry, default);
    }

    private static async Task<string?> ReadAsync(Stream file, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await file.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (bytes.Length + read > LargestFile)
            {
                return null;
            }

            bytes.Write(buffer, 0, read);
        }

        bytes.Position = 0;
        using var reader = new StreamReader(bytes, Strict);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
