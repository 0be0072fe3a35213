using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Smime.Keys;

namespace Portal.Application.Organisations;

/// <summary>A tenant. What it allows is on the row; what it owns hangs on its id.</summary>
internal sealed class Organisation : IOwned
{
    private Organisation()
    {
    }

    public Organisation(OrganisationId id, string name, DateTimeOffset now)
    {
        Id = id;
        Name = name;
        CreatedAt = now;
        SigningKeys = KeyAlgorithm.P256;
        KeyStore = "local";
    }

    public OrganisationId Id { get; private set; }

    public OrganisationId OrganisationId => Id;

    public string Name { get; private set; } = string.Empty;

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>What new signing pairs are: P-256 or RSA.</summary>
    public KeyAlgorithm SigningKeys { get; private set; }

    /// <summary>The store that holds new keys.</summary>
    public string KeyStore { get; private set; } = string.Empty;

    public bool AllowsSignedOnly { get; private set; }

    public bool AllowsUnprotected { get; private set; }

    public UnknownSoftware UnknownSoftware { get; private set; }

    public SecondFactorDemand SecondFactor { get; private set; }

    public int? MostPeople { get; private set; }

    public long? MostMailboxBytes { get; private set; }

    public long? MostTotalBytes { get; private set; }

    public long? MostMessageBytes { get; private set; }

    public int? MostRecipients { get; private set; }

    public int? MostMessagesPerDay { get; private set; }

    public OrganisationPolicy Policy => new(SigningKeys, AllowsSignedOnly, AllowsUnprotected, UnknownSoftware, SecondFactor);

    public OrganisationLimits Limits => new(MostPeople, MostMailboxBytes, MostTotalBytes, MostMessageBytes, MostRecipients, MostMessagesPerDay);

    public void Rename(string name) => Name = name;

    public void Limit(OrganisationLimits limits) =>
        (MostPeople, MostMailboxBytes, MostTotalBytes, MostMessageBytes, MostRecipients, MostMessagesPerDay) =
        (limits.People, limits.MailboxBytes, limits.TotalBytes, limits.MessageBytes, limits.Recipients, limits.MessagesPerDay);

    public void Follow(OrganisationPolicy policy) =>
        (SigningKeys, AllowsSignedOnly, AllowsUnprotected, UnknownSoftware, SecondFactor) =
        (policy.SigningKeys, policy.AllowsSignedOnly, policy.AllowsUnprotected, policy.UnknownSoftware, policy.SecondFactor);
}

internal sealed class OrganisationMapping : IEntityTypeConfiguration<Organisation>
{
    public void Configure(EntityTypeBuilder<Organisation> builder)
    {
        builder.ToTable("Organisations");
        builder.Ignore(one => one.OrganisationId);
        builder.Ignore(one => one.Policy);
        builder.Ignore(one => one.Limits);
        builder.Property(one => one.Name).HasMaxLength(200);
        builder.Property(one => one.KeyStore).HasMaxLength(64);
    }
}
