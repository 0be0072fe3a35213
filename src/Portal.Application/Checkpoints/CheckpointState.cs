using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Checkpoints;

/// <summary>How writing an organisation's checkpoints goes: for the operator's eyes, no evidence of anything.</summary>
internal sealed class CheckpointState : IOwned
{
    private const int LongestProblem = 500;

    private CheckpointState()
    {
    }

    public CheckpointState(OrganisationId organisation) => OrganisationId = organisation;

    public OrganisationId OrganisationId { get; private set; }

    public long Sequence { get; private set; }

    public DateTimeOffset? WrittenAt { get; private set; }

    public DateTimeOffset? FailingSince { get; private set; }

    /// <summary>In words.</summary>
    public string? Problem { get; private set; }

    public void Written(long sequence, DateTimeOffset at) => (Sequence, WrittenAt, FailingSince, Problem) = (sequence, at, null, null);

    public void Fail(string problem, DateTimeOffset now)
    {
        FailingSince ??= now;
        Problem = problem.Length <= LongestProblem ? problem : problem[..LongestProblem];
    }
}

internal sealed class CheckpointStateMapping : IEntityTypeConfiguration<CheckpointState>
{
    public void Configure(EntityTypeBuilder<CheckpointState> builder)
    {
        builder.ToTable("CheckpointStates");
        builder.HasKey(one => one.OrganisationId);
        builder.Property(one => one.Problem).HasMaxLength(500);
    }
}
