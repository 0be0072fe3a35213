using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Portal.Application;

/// <summary>PostgreSQL refuses offsets other than UTC, and SQLite cannot order <see cref="DateTimeOffset"/> at all.</summary>
internal sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTime>(
    instant => instant.UtcDateTime,
    stored => new DateTimeOffset(DateTime.SpecifyKind(stored, DateTimeKind.Utc)));
