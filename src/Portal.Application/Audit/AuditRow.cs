using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Portal.Application.Audit;

/// <summary>
/// An entry exactly as it stands in the database, of which nothing is believed: the mapping of <see cref="AuditEntry"/>
/// would read "keyused" as KeyUsed and throw at an action that there never was.
/// </summary>
internal sealed record AuditRow(
    long Sequence, long AtMicroseconds, string Actor, string Action, string? Subject, string Detail, byte[] PreviousHash, byte[] Hash)
{
    // Some 2000 years.
    private const long LongestMicroseconds = 60_000_000_000_000_000;

    /// <summary>In their order, one by one, as one moment sees them.</summary>
    /// <param name="db">Names the organisation.</param>
    /// <param name="organisation">Whose.</param>
    /// <param name="fromMicroseconds">Since 1970, that moment included.</param>
    /// <param name="lastMicroseconds">Since 1970, that moment included.</param>
    public static IAsyncEnumerable<AuditRow> Stream(
        PortalDbContext db, OrganisationId organisation, long fromMicroseconds = long.MinValue, long lastMicroseconds = long.MaxValue) =>
        db.Database
            .SqlQuery<AuditRow>($"""
                select sequence as "Sequence", at_microseconds as "AtMicroseconds", actor as "Actor", action as "Action",
                    cast(subject as text) as "Subject", detail as "Detail", previous_hash as "PreviousHash", hash as "Hash"
                from audit_entries
                where organisation_id = {organisation.Value} and at_microseconds >= {fromMicroseconds} and at_microseconds <= {lastMicroseconds}
                order by sequence
                """)
            .AsAsyncEnumerable();

    /// <summary>Null for a number that is no time at all.</summary>
    public DateTimeOffset? At => Math.Abs(AtMicroseconds) < LongestMicroseconds
        ? DateTimeOffset.UnixEpoch.AddTicks(AtMicroseconds * TimeSpan.TicksPerMicrosecond)
        : null;

    public byte[] ComputeHash(OrganisationId organisation) =>
        AuditHash.Of(organisation, Sequence, AtMicroseconds, Actor, Action, PlainSubject, Detail, PreviousHash);

    /// <summary>Databases write identifiers in capitals or not, always with dashes; what is neither stays what it is, and fails.</summary>
    public string PlainSubject => Subject switch
    {
        null => string.Empty,
        _ when Guid.TryParseExact(Subject, "D", out var id) => id.ToString("N", CultureInfo.InvariantCulture),
        _ => Subject,
    };
}
