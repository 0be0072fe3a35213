using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Application.Policies;
using Portal.Application.Work;
using Portal.Smime.Pkix;

namespace Portal.Application.KeyManagement;

/// <summary>Certificates for a list of people: one address, or a file with thousands.</summary>
public sealed class Issuance
{
    public const int MostLines = 10_000;

    /// <summary>Bytes.</summary>
    public const int LargestFile = 2 * 1024 * 1024;

    /// <summary>Lines on a page.</summary>
    public const int MostShown = 200;

    private const int MostBatches = 50;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly PortalDatabase _database;
    private readonly LiveSessions _sessions;
    private readonly TimeProvider _clock;

    internal Issuance(PortalDatabase database, LiveSessions sessions, TimeProvider clock) => (_database, _sessions, _clock) = (database, sessions, clock);

    /// <param name="actor">Whose organisation.</param>
    /// <param name="file">UTF-8: an address in each line, alone or in the first column that has one; a heading is passed over.</param>
    /// <param name="scope">For whom of them.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<IssuanceStart> StartAsync(Actor actor, byte[] file, IssuanceScope scope, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        if (file.Length > LargestFile)
        {
            return new IssuanceStart.TooLarge();
        }

        string text;
        try
        {
            text = Strict.GetString(file).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return new IssuanceStart.NotText();
        }

        var records = CsvLines.Read(text).Take(MostLines + 2).ToList();
        var batch = new IssuanceBatch(actor.Organisation, scope, _clock.GetUtcNow());
        var lines = records.ConvertAll(record => Line(batch, record.Line, record.Fields));
        if (lines is [{ Address: null } heading, ..] && !heading.Text.Contains('@', StringComparison.Ordinal))
        {
            lines.RemoveAt(0);
        }

        if (lines.Count > MostLines)
        {
            return new IssuanceStart.TooLarge();
        }

        if (!lines.Exists(one => one.Address is not null))
        {
            return new IssuanceStart.Empty();
        }

        foreach (var repeated in lines.Where(one => one.Address is not null).GroupBy(one => one.Address).SelectMany(same => same.Skip(1)))
        {
            repeated.End(IssuanceOutcome.Repeated);
        }

        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        db.IssuanceBatches.Add(batch);
        db.IssuanceLines.AddRange(lines);
        db.Record(new AuditEvent(actor, AuditAction.IssuanceStarted, batch.Id.Value, new Dictionary<string, string>
        {
            ["scope"] = scope.ToString(),
            ["lines"] = lines.Count.ToString(System.Globalization.CultureInfo.InvariantCulture),
        }));
        WorkQueue.Enqueue(db, actor.Organisation, WorkKind.IssueCertificates, batch.Id.Value, await db.NowAsync(cancellationToken));
        await db.CommitAsync(cancellationToken);
        return new IssuanceStart.Started(batch.Id);
    }

    /// <summary>Nothing is taken back; what is being signed at this moment is finished.</summary>
    /// <returns>False when there is nothing to stop.</returns>
    public Task<bool> StopAsync(Actor actor, IssuanceBatchId id, CancellationToken cancellationToken) => ChangeAsync(
        actor, id, IssuanceState.Running, AuditAction.IssuanceStopped, (_, batch) =>
        {
            batch.Stop(_clock.GetUtcNow());
            return Task.CompletedTask;
        },
        cancellationToken);

    /// <returns>False when nobody had stopped it.</returns>
    public Task<bool> GoOnAsync(Actor actor, IssuanceBatchId id, CancellationToken cancellationToken) => ChangeAsync(
        actor, id, IssuanceState.Stopped, AuditAction.IssuanceContinued, async (db, batch) =>
        {
            batch.GoOn();
            await WorkQueue.DueNowAsync(db, actor.Organisation, WorkKind.IssueCertificates, id.Value, cancellationToken);
        },
        cancellationToken);

    /// <returns>The newest first.</returns>
    public async Task<IReadOnlyList<IssuanceView>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var batches = await db.IssuanceBatches
            .Where(one => one.OrganisationId == actor.Organisation)
            .OrderByDescending(one => one.StartedAt)
            .Take(MostBatches)
            .Select(one => new
            {
                Batch = one,
                Lines = db.IssuanceLines.Count(line => line.BatchId == one.Id),
                Waiting = db.IssuanceLines.Count(line => line.BatchId == one.Id && line.Outcome == IssuanceOutcome.Waiting),
            })
            .ToListAsync(cancellationToken);
        return batches.ConvertAll(one => View(one.Batch, one.Lines, one.Lines - one.Waiting));
    }

    /// <returns>Null when the organisation has no such list.</returns>
    public async Task<IssuanceDetails?> FindAsync(Actor actor, IssuanceBatchId id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        if (await db.IssuanceBatches.SingleOrDefaultAsync(one => one.OrganisationId == actor.Organisation && one.Id == id, cancellationToken) is not { } batch)
        {
            return null;
        }

        var lines = Lines(db, actor, id);
        var counts = await lines.GroupBy(one => one.Outcome).Select(group => new { group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        var shown = await lines
            .Where(one => one.Outcome != IssuanceOutcome.Issued && one.Outcome != IssuanceOutcome.AlreadyThere && one.Outcome != IssuanceOutcome.Waiting)
            .OrderBy(one => one.Number)
            .Take(MostShown)
            .ToListAsync(cancellationToken);
        var all = counts.Sum(one => one.Count);
        return new IssuanceDetails(
            View(batch, all, all - counts.Where(one => one.Key == IssuanceOutcome.Waiting).Sum(one => one.Count)),
            [.. counts.OrderBy(one => one.Key).Select(one => new IssuanceCount(one.Key, one.Count))],
            shown.ConvertAll(View));
    }

    /// <summary>All lines with their outcomes, for spreadsheets.</summary>
    /// <returns>CSV in UTF-8; null when the organisation has no such list.</returns>
    public async Task<byte[]?> OutcomesAsync(Actor actor, IssuanceBatchId id, CancellationToken cancellationToken)
    {
        var lines = await LinesAsync(actor, id, cancellationToken);
        return lines.Count == 0
            ? null
            : Encoding.UTF8.GetBytes(CsvLines.Write("line", "address", "outcome", "words")
                + string.Concat(lines.Select(one => CsvLines.Write(one.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), one.Text, one.Outcome.ToString(), one.Words ?? string.Empty))));
    }

    /// <returns>All lines in their order; none when the organisation has no such list.</returns>
    internal async Task<IReadOnlyList<IssuanceLineView>> LinesAsync(Actor actor, IssuanceBatchId id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return (await Lines(db, actor, id).OrderBy(one => one.Number).ToListAsync(cancellationToken)).ConvertAll(View);
    }

    private static IQueryable<IssuanceLine> Lines(PortalDbContext db, Actor actor, IssuanceBatchId id) =>
        db.IssuanceLines.Where(one => one.OrganisationId == actor.Organisation && one.BatchId == id);

    private static IssuanceLine Line(IssuanceBatch batch, int number, List<string>? fields)
    {
        var text = fields?.Find(field => field.Contains('@', StringComparison.Ordinal)) ?? fields?[0] ?? string.Empty;
        return new IssuanceLine(batch, number, PlainText.Line(text), AddrSpec.TryParse(text, out var address) ? AddressKey.Of(address) : null);
    }

    private static IssuanceView View(IssuanceBatch batch, int lines, int done) =>
        new(batch.Id, batch.Scope, batch.State, batch.StartedAt, batch.EndedAt, lines, done, batch.Trouble);

    private static IssuanceLineView View(IssuanceLine line) => new(line.Number, line.Text, line.Outcome, line.Words);

    private async Task<bool> ChangeAsync(
        Actor actor, IssuanceBatchId id, IssuanceState from, AuditAction action, Func<PortalDbContext, IssuanceBatch, Task> change, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await db.IssuanceBatches.SingleOrDefaultAsync(one => one.OrganisationId == actor.Organisation && one.Id == id && one.State == from, cancellationToken) is not { } batch)
        {
            return false;
        }

        await change(db, batch);
        db.Record(new AuditEvent(actor, action, id.Value));
        await db.CommitAsync(cancellationToken);
        return true;
    }
}
