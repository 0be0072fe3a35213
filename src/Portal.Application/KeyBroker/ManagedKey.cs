using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

/// <summary>What a key is for; each purpose has one <see cref="KeyUse"/>, so signing and decryption never meet.</summary>
public enum KeyPurpose
{
    SignMessage,
    OpenMessage,
    UnwrapDataKey,
    CertificateAuthority,

    /// <summary>Says for an authority which of its certificates are good.</summary>
    AnswerForAuthority,

    SignForDomain,

    /// <summary>In the organisation's own name: what the portal tells people.</summary>
    SignNotice,

    SignForList,
    OpenForList,

    /// <summary>What rests here for somebody outside.</summary>
    OpenSecureLink,
}

/// <summary>A private key in some store, and whose it is.</summary>
internal sealed class ManagedKey : IOwned
{
    public const int LongestRefusal = 500;

    private ManagedKey()
    {
    }

    public ManagedKey(ManagedKeyId id, OrganisationId organisation, AccountId? owner, KeyPurpose purpose, KeyAlgorithm algorithm, CreatedKey created, DateTimeOffset now)
    {
        Id = id;
        OrganisationId = organisation;
        OwnerId = owner;
        Purpose = purpose;
        Algorithm = algorithm;
        Store = created.Reference.Store;
        Name = created.Reference.Name;
        KeyVersion = created.Reference.Version;
        SubjectPublicKeyInfo = created.SubjectPublicKeyInfo.ToArray();
        CreatedAt = now;
    }

    public ManagedKeyId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    /// <summary>The person; none for the organisation's own keys.</summary>
    public AccountId? OwnerId { get; private set; }

    /// <summary>Somebody outside, whose mail rests here.</summary>
    public ReaderId? ReaderId { get; private set; }

    public KeyPurpose Purpose { get; private set; }

    public KeyAlgorithm Algorithm { get; private set; }

    public string Store { get; private set; } = string.Empty;

    public string Name { get; private set; } = string.Empty;

    public string KeyVersion { get; private set; } = string.Empty;

    public byte[] SubjectPublicKeyInfo { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Since then another key has its place: it opens what was meant for it, and signs nothing new.</summary>
    public DateTimeOffset? ReplacedAt { get; private set; }

    /// <summary>Since then nobody may use it.</summary>
    public DateTimeOffset? DisabledAt { get; private set; }

    /// <summary>Since then its store has it no more.</summary>
    public DateTimeOffset? DestroyedAt { get; private set; }

    /// <summary>When a use was last asked for.</summary>
    public DateTimeOffset? LastUsedAt { get; private set; }

    /// <summary>The day (UTC) that <see cref="UsesThatDay"/> counts.</summary>
    public DateOnly? UsedOn { get; private set; }

    public int UsesThatDay { get; private set; }

    /// <summary>Since <see cref="FailingSince"/>: what came out opened nothing.</summary>
    public int FailedUnwraps { get; private set; }

    public DateTimeOffset? FailingSince { get; private set; }

    /// <summary>Until then nothing is opened with it that nobody waits for.</summary>
    public DateTimeOffset? RestsUntil { get; private set; }

    public KeyReference Reference => new(Store, Name, KeyVersion);

    /// <summary>When its store last said that it has no such key, or may not use it; null since it worked again.</summary>
    public DateTimeOffset? RefusedAt { get; private set; }

    /// <summary>In the store's words.</summary>
    public string? Refusal { get; private set; }

    public void OpenFor(ReaderId reader) => ReaderId = reader;

    public void Replace(DateTimeOffset now) => ReplacedAt ??= now;

    /// <summary>It is the newest after all.</summary>
    public void TakePlace() => ReplacedAt = null;

    public void Disable(DateTimeOffset now) => DisabledAt ??= now;

    /// <summary>And forgets what failed before.</summary>
    public void Enable()
    {
        (DisabledAt, RestsUntil) = (null, null);
        (FailedUnwraps, FailingSince) = (0, null);
    }

    public void Destroy(DateTimeOffset now) => DestroyedAt ??= now;
}

internal sealed class ManagedKeyMapping : IEntityTypeConfiguration<ManagedKey>
{
    public void Configure(EntityTypeBuilder<ManagedKey> builder)
    {
        builder.ToTable("ManagedKeys");
        builder.Ignore(one => one.Reference);
        builder.Property(one => one.Store).HasMaxLength(64);
        builder.Property(one => one.Name).HasMaxLength(127);
        builder.Property(one => one.KeyVersion).HasMaxLength(64);
        builder.Property(one => one.Refusal).HasMaxLength(ManagedKey.LongestRefusal);
        builder.HasIndex(one => new { one.OrganisationId, one.OwnerId });
    }
}
