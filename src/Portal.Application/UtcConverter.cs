using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Portal.Application;

/// <summary>
/// PostgreSQL refuses offsets other than UTC and keeps microseconds; SQLite cannot order <see cref="DateTimeOffset"/> at
/// all. Both are given the same.
/// </summary>
internal sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTime>(
    instant => Microseconds(instant.UtcDateTime),
    stored => new DateTimeOffset(DateTime.SpecifyKind(stored, DateTimeKind.Utc)))
{
    private static DateTime Microseconds(DateTime instant) => instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerMicrosecond));
}
