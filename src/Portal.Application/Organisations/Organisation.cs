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

    /// <param name="id">Its own.</param>
    /// <param name="name">As its people call it.</param>
    /// <param name="keyStore">Holds all its keys, until something else is chosen.</param>
    /// <param name="now">When it is founded.</param>
    public Organisation(OrganisationId id, string name, string keyStore, DateTimeOffset now)
    {
        Id = id;
        Name = name;
        CreatedAt = now;
        (SigningKeys, EncryptionKeys) = (KeyAlgorithm.P256, KeyAlgorithm.Rsa3072);
        Choose(new KeyStoreChoice(keyStore, keyStore, keyStore));
    }

    public OrganisationId Id { get; private set; }

    public OrganisationId OrganisationId => Id;

    public string Name { get; private set; } = string.Empty;

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>What new signing pairs are: P-256 or RSA.</summary>
    public KeyAlgorithm SigningKeys { get; private set; }

    /// <summary>What new pairs that open mail are: RSA or P-256.</summary>
    public KeyAlgorithm EncryptionKeys { get; private set; }

    /// <summary>Holds new keys of its own.</summary>
    public string OwnKeyStore { get; private set; } = string.Empty;

    /// <summary>Holds new signing keys of its people.</summary>
    public string SigningKeyStore { get; private set; } = string.Empty;

    /// <summary>Holds new keys that open its people's mail.</summary>
    public string OpeningKeyStore { get; private set; } = string.Empty;

    /// <summary>The authority that issues for its people from now on; none before it has one.</summary>
    public CertificateId? IssuingAuthorityId { get; private set; }

    /// <summary>How long new certificates of people are valid.</summary>
    public int CertificateDays { get; private set; } = 365;

    public bool AllowsSignedOnly { get; private set; }

    public bool AllowsUnprotected { get; private set; }

    public bool AllowsKeyExport { get; private set; }

    public bool PublishesCertificates { get; private set; }

    public UnknownSoftware UnknownSoftware { get; private set; }

    public OutsiderDelivery Outsiders { get; private set; }

    public int LinkDays { get; private set; } = ReaderPolicy.Usual.LinkDays;

    public ReaderReach ReaderReach { get; private set; }

    public bool GivesOriginals { get; private set; }

    public bool DemandsPassPhrase { get; private set; }

    public bool DemandsOwnProof { get; private set; }

    public int DeviceDays { get; private set; }

    public int ReminderDays { get; private set; }

    public SecondFactorDemand SecondFactor { get; private set; }

    public int? MostPeople { get; private set; }

    public long? MostMailboxBytes { get; private set; }

    public long? MostTotalBytes { get; private set; }

    public long? MostMessageBytes { get; private set; }

    public int? MostRecipients { get; private set; }

    public int? MostMessagesPerDay { get; private set; }

    public OrganisationPolicy Policy => new(
        SigningKeys, EncryptionKeys, AllowsSignedOnly, AllowsUnprotected, UnknownSoftware, SecondFactor, CertificateDays, AllowsKeyExport, PublishesCertificates, Outsiders, Readers);

    public ReaderPolicy Readers => new(LinkDays, ReaderReach, GivesOriginals, DemandsPassPhrase, DeviceDays, ReminderDays, DemandsOwnProof);

    public KeyStoreChoice KeyStores => new(OwnKeyStore, SigningKeyStore, OpeningKeyStore);

    public OrganisationLimits Limits => new(MostPeople, MostMailboxBytes, MostTotalBytes, MostMessageBytes, MostRecipients, MostMessagesPerDay);

    public void Rename(string name) => Name = name;

    public void Choose(KeyStoreChoice stores) => (OwnKeyStore, SigningKeyStore, OpeningKeyStore) = (stores.Own, stores.Signing, stores.Opening);

    public void IssueFrom(CertificateId authority) => IssuingAuthorityId = authority;

    public void Limit(OrganisationLimits limits) =>
        (MostPeople, MostMailboxBytes, MostTotalBytes, MostMessageBytes, MostRecipients, MostMessagesPerDay) =
        (limits.People, limits.MailboxBytes, limits.TotalBytes, limits.MessageBytes, limits.Recipients, limits.MessagesPerDay);

    public void Follow(OrganisationPolicy policy)
    {
        (SigningKeys, EncryptionKeys, CertificateDays) = (policy.SigningKeys, policy.EncryptionKeys, policy.CertificateDays);
        (AllowsSignedOnly, AllowsUnprotected, UnknownSoftware) = (policy.AllowsSignedOnly, policy.AllowsUnprotected, policy.UnknownSoftware);
        (SecondFactor, AllowsKeyExport, PublishesCertificates) = (policy.SecondFactor, policy.AllowsKeyExport, policy.PublishesCertificates);
        Outsiders = policy.Outsiders;
        (LinkDays, ReaderReach, GivesOriginals) = (policy.Readers.LinkDays, policy.Readers.Reach, policy.Readers.GivesOriginals);
        (DemandsPassPhrase, DemandsOwnProof) = (policy.Readers.DemandsPassPhrase, policy.Readers.DemandsOwnProof);
        (DeviceDays, ReminderDays) = (policy.Readers.DeviceDays, policy.Readers.ReminderDays);
    }
}

internal sealed class OrganisationMapping : IEntityTypeConfiguration<Organisation>
{
    public void Configure(EntityTypeBuilder<Organisation> builder)
    {
        builder.ToTable("Organisations");
        builder.Ignore(one => one.OrganisationId);
        builder.Ignore(one => one.Policy);
        builder.Ignore(one => one.Readers);
        builder.Ignore(one => one.Limits);
        builder.Ignore(one => one.KeyStores);
        builder.Property(one => one.Name).HasMaxLength(200);
        builder.Property(one => one.OwnKeyStore).HasMaxLength(127);
        builder.Property(one => one.SigningKeyStore).HasMaxLength(127);
        builder.Property(one => one.OpeningKeyStore).HasMaxLength(127);
    }
}
