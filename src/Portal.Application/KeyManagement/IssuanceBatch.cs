using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.KeyManagement;

/// <summary>For whom of those listed something is issued.</summary>
public enum IssuanceScope
{
    /// <summary>Who has no certificate of a kind, or one that ends within thirty days, gets one of that kind.</summary>
    Missing,

    /// <summary>Everybody gets both, with new keys.</summary>
    Everybody,
}

public enum IssuanceState
{
    Running,

    /// <summary>What was not done stays undone, until somebody goes on.</summary>
    Stopped,

    Done,
}

public enum IssuanceOutcome
{
    Waiting,
    Issued,

    /// <summary>They have what they need.</summary>
    AlreadyThere,

    /// <summary>Nobody here has a mailbox of this address.</summary>
    NobodyHere,

    /// <summary>They cannot sign in any more.</summary>
    Disabled,

    /// <summary>Somebody has stopped a key or suspended a certificate of theirs; that is to be decided first.</summary>
    Stopped,

    /// <summary>The line has no address.</summary>
    NoAddress,

    /// <summary>The same person stands in an earlier line.</summary>
    Repeated,

    /// <summary>What would be signed contradicts the profile.</summary>
    Refused,
}

/// <summary>A list of addresses whose holders get certificates, in the background.</summary>
internal sealed class IssuanceBatch : IOwned
{
    private IssuanceBatch()
    {
    }

    public IssuanceBatch(OrganisationId organisation, IssuanceScope scope, DateTimeOffset now)
    {
        Id = IssuanceBatchId.New();
        OrganisationId = organisation;
        Scope = scope;
        StartedAt = now;
    }

    public IssuanceBatchId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public IssuanceScope Scope { get; private set; }

    public IssuanceState State { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>A key store's words; none since it answers again.</summary>
    public string? Trouble { get; private set; }

    public void Stop(DateTimeOffset now) => (State, EndedAt, Trouble) = (IssuanceState.Stopped, now, null);

    public void GoOn() => (State, EndedAt) = (IssuanceState.Running, null);

    public void End(DateTimeOffset now) => (State, EndedAt, Trouble) = (IssuanceState.Done, now, null);

    public void Trip(string? words) => Trouble = words is { Length: > IssuanceLine.LongestWords } ? words[..IssuanceLine.LongestWords] : words;
}

internal sealed class IssuanceLine : IOwned
{
    public const int LongestWords = 500;

    private const int LongestText = 320;

    private IssuanceLine()
    {
    }

    /// <param name="batch">In which.</param>
    /// <param name="number">Of the line in its file, from 1.</param>
    /// <param name="text">The address, or what stands in its place.</param>
    /// <param name="address">Normalised; null where there is none.</param>
    public IssuanceLine(IssuanceBatch batch, int number, string text, string? address)
    {
        OrganisationId = batch.OrganisationId;
        BatchId = batch.Id;
        Number = number;
        Text = text.Length > LongestText ? text[..LongestText] : text;
        Address = address;
        Outcome = address is null ? IssuanceOutcome.NoAddress : IssuanceOutcome.Waiting;
    }

    public OrganisationId OrganisationId { get; private set; }

    public IssuanceBatchId BatchId { get; private set; }

    public int Number { get; private set; }

    public string Text { get; private set; } = string.Empty;

    public string? Address { get; private set; }

    public IssuanceOutcome Outcome { get; private set; }

    /// <summary>What the profile has against it.</summary>
    public string? Words { get; private set; }

    public void End(IssuanceOutcome outcome, string? words = null) =>
        (Outcome, Words) = (outcome, words is { Length: > LongestWords } ? words[..LongestWords] : words);
}

internal sealed class IssuanceBatchMapping : IEntityTypeConfiguration<IssuanceBatch>
{
    public void Configure(EntityTypeBuilder<IssuanceBatch> builder)
    {
        builder.ToTable("IssuanceBatches");
        builder.Property(one => one.Trouble).HasMaxLength(IssuanceLine.LongestWords);
        builder.HasIndex(one => new { one.OrganisationId, one.StartedAt });
    }
}

internal sealed class IssuanceLineMapping : IEntityTypeConfiguration<IssuanceLine>
{
    public void Configure(EntityTypeBuilder<IssuanceLine> builder)
    {
        builder.ToTable("IssuanceLines");
        builder.HasKey(one => new { one.BatchId, one.Number });
        builder.HasOne<IssuanceBatch>().WithMany().HasForeignKey(one => one.BatchId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(one => one.Text).HasMaxLength(320);
        builder.Property(one => one.Address).HasMaxLength(320);
        builder.Property(one => one.Words).HasMaxLength(IssuanceLine.LongestWords);
        builder.HasIndex(one => new { one.BatchId, one.Outcome, one.Number });
        builder.HasIndex(one => one.OrganisationId);
    }
}
