using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.KeyBroker;

namespace Portal.Application.AtRest;

/// <summary>The organisation's secret, wrapped by a key that never leaves its store.</summary>
internal sealed class OrganisationDataKey : IOwned
{
    private OrganisationDataKey()
    {
    }

    public OrganisationDataKey(OrganisationId organisation, ManagedKeyId wrappingKey, byte[] wrappedSecret)
    {
        OrganisationId = organisation;
        WrappingKeyId = wrappingKey;
        WrappedSecret = wrappedSecret;
    }

    public OrganisationId OrganisationId { get; private set; }

    public ManagedKeyId WrappingKeyId { get; private set; }

    /// <summary>RSA-OAEP with SHA-256 over 32 bytes.</summary>
    public byte[] WrappedSecret { get; private set; } = [];

    /// <summary>The same secret, wrapped by another key: nothing that is sealed under it changes.</summary>
    public void Wrap(ManagedKeyId wrappingKey, byte[] wrappedSecret) => (WrappingKeyId, WrappedSecret) = (wrappingKey, wrappedSecret);
}

internal sealed class OrganisationDataKeyMapping : IEntityTypeConfiguration<OrganisationDataKey>
{
    public void Configure(EntityTypeBuilder<OrganisationDataKey> builder)
    {
        builder.ToTable("OrganisationDataKeys");
        builder.HasKey(one => one.OrganisationId);
    }
}
