using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.Accounts;

namespace Portal.Application.SecureLinks;

/// <summary>A reader at one browser, from when they proved who they are to when they left.</summary>
internal sealed class ReaderSession : IOwned
{
    private ReaderSession()
    {
    }

    public ReaderSession(Reader reader, byte[] tokenSha256, SessionOrigin origin, ReaderProof proof, DateTimeOffset now)
    {
        Id = ReaderSessionId.New();
        OrganisationId = reader.OrganisationId;
        ReaderId = reader.Id;
        TokenSha256 = tokenSha256;
        Browser = origin.Browser;
        Network = origin.Network;
        Proof = proof;
        BeganAt = now;
        LastSeenAt = now;
    }

    public ReaderSessionId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public ReaderId ReaderId { get; private set; }

    /// <summary>Of what the browser's cookie holds.</summary>
    public byte[] TokenSha256 { get; private set; } = [];

    public string Browser { get; private set; } = string.Empty;

    public string Network { get; private set; } = string.Empty;

    /// <summary>By what they proved who they are.</summary>
    public ReaderProof Proof { get; private set; }

    public DateTimeOffset BeganAt { get; private set; }

    /// <summary>Within a minute.</summary>
    public DateTimeOffset LastSeenAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }
}

internal sealed class ReaderSessionMapping : IEntityTypeConfiguration<ReaderSession>
{
    public void Configure(EntityTypeBuilder<ReaderSession> builder)
    {
        builder.ToTable("ReaderSessions");
        builder.HasOne<Reader>().WithMany().HasForeignKey(one => one.ReaderId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(one => one.TokenSha256).HasMaxLength(32);
        builder.Property(one => one.Browser).HasMaxLength(100);
        builder.Property(one => one.Network).HasMaxLength(64);
        builder.HasIndex(one => one.TokenSha256).IsUnique();
        builder.HasIndex(one => one.ReaderId);
        builder.HasIndex(one => one.OrganisationId);
    }
}
