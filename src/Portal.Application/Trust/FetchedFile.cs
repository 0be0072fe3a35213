using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Trust;

internal enum FetchedKind
{
    /// <summary>One, or several in a certs-only message (RFC 5280 §4.2.2.1).</summary>
    Certificates,

    RevocationList,
    OcspResponse,
}

/// <summary>What was fetched for an organisation, or could not be, from an address that stands in a certificate. Its own signature says what it is worth.</summary>
internal sealed class FetchedFile : IOwned
{
    /// <summary>Instead of an address.</summary>
    public const string CameWithMessage = "";

    private FetchedFile()
    {
    }

    public FetchedFile(OrganisationId organisation, FetchedKind kind, byte[] question, string address) =>
        (Id, OrganisationId, Kind, Question, Address) = (Guid.NewGuid(), organisation, kind, question, address);

    public Guid Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public FetchedKind Kind { get; private set; }

    /// <summary>SHA-256 over the address, and over the request behind it.</summary>
    public byte[] Question { get; private set; } = [];

    public string Address { get; private set; } = string.Empty;

    /// <summary>The newest that came; null when none ever did.</summary>
    public byte[]? Content { get; private set; }

    /// <summary>Counts what came: readers keep what they have read by it.</summary>
    public int Version { get; private set; }

    public DateTimeOffset? NextUpdate { get; private set; }

    /// <summary>When it was last needed.</summary>
    public DateTimeOffset AskedAt { get; private set; }

    /// <summary>When somebody last tried.</summary>
    public DateTimeOffset TriedAt { get; private set; }

    /// <summary>In a row.</summary>
    public int Failures { get; private set; }

    public void Ask(DateTimeOffset now) => AskedAt = now;

    public void Take(byte[] content, DateTimeOffset? nextUpdate, DateTimeOffset now) =>
        (Content, Version, NextUpdate, TriedAt, Failures) = (content, Version + 1, nextUpdate, now, 0);

    public void Fail(DateTimeOffset now) => (TriedAt, Failures) = (now, Failures + 1);
}

internal sealed class FetchedFileMapping : IEntityTypeConfiguration<FetchedFile>
{
    public void Configure(EntityTypeBuilder<FetchedFile> builder)
    {
        builder.ToTable("FetchedFiles");
        builder.Property(one => one.Question).HasMaxLength(32);
        builder.Property(one => one.Address).HasMaxLength(PublicFetcher.LongestAddress);
        builder.HasIndex(one => new { one.OrganisationId, one.Kind, one.Question }).IsUnique();
        builder.HasIndex(one => new { one.OrganisationId, one.Kind, one.TriedAt });
    }
}
