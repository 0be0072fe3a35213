using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Portal.Application.Audit;

/// <summary>An organisation's chain as JSON lines, with what is needed to check it elsewhere.</summary>
public sealed class AuditExport
{
    private static readonly ReadOnlyMemory<byte> NewLine = "\n"u8.ToArray();
    private readonly PortalDatabase _database;

    internal AuditExport(PortalDatabase database) => _database = database;

    /// <summary>Entry by entry, however many there are. That it was asked for is on record before the first is read.</summary>
    /// <param name="actor">Whose organisation.</param>
    /// <param name="from">That moment included; null from the first.</param>
    /// <param name="until">That moment excluded; null to the last.</param>
    /// <param name="target">Gets UTF-8.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>How many entries were written.</returns>
    public async Task<long> WriteAsync(Actor actor, DateTimeOffset? from, DateTimeOffset? until, Stream target, CancellationToken cancellationToken)
    {
        await RecordAsync(actor, from, until, cancellationToken);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var entries = AuditRow.Stream(db, actor.Organisation, Microseconds(from) ?? long.MinValue, Microseconds(until) - 1 ?? long.MaxValue);
        var line = new ArrayBufferWriter<byte>(1024);
        await using var json = new Utf8JsonWriter(line);
        var count = 0L;
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            line.ResetWrittenCount();
            json.Reset();
            Write(json, actor.Organisation, entry);
            await json.FlushAsync(cancellationToken);
            await target.WriteAsync(line.WrittenMemory, cancellationToken);
            await target.WriteAsync(NewLine, cancellationToken);
            count++;
        }

        await target.FlushAsync(cancellationToken);
        return count;
    }

    private static void Write(Utf8JsonWriter json, OrganisationId organisation, AuditRow entry)
    {
        json.WriteStartObject();
        json.WriteString("organisation", organisation.ToString());
        json.WriteNumber("sequence", entry.Sequence);
        json.WriteString("at", entry.At?.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        json.WriteNumber("atMicroseconds", entry.AtMicroseconds);
        json.WriteString("actor", entry.Actor);
        json.WriteString("action", entry.Action);
        json.WriteString("subject", entry.PlainSubject);

        // As text: what is hashed are these very characters.
        json.WriteString("detail", entry.Detail);
        json.WriteString("previousHash", Convert.ToHexStringLower(entry.PreviousHash));
        json.WriteString("hash", Convert.ToHexStringLower(entry.Hash));
        json.WriteEndObject();
    }

    private static long? Microseconds(DateTimeOffset? moment) =>
        moment is { } at ? (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond : null;

    private async Task RecordAsync(Actor actor, DateTimeOffset? from, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        db.Record(new AuditEvent(actor, AuditAction.AuditExported, null, new Dictionary<string, string>
        {
            ["from"] = from?.ToString("O", CultureInfo.InvariantCulture) ?? "first",
            ["until"] = until?.ToString("O", CultureInfo.InvariantCulture) ?? "last",
        }));
        await db.CommitAsync(cancellationToken);
    }
}
