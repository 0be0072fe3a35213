using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.AtRest;
using Portal.Application.KeyBroker;

namespace Portal.Application.SecureLinks;

/// <summary>Somebody outside who reads here what was sealed for them; each organisation knows its own.</summary>
internal sealed class Reader : IOwned
{
    private const string AddressColumn = "readers.sealed_address";

    private Reader()
    {
    }

    public Reader(ReaderId id, OrganisationId organisation, string address, SealingKey key, ManagedKeyId opening, string language, DateTimeOffset now)
    {
        Id = id;
        OrganisationId = organisation;
        AddressToken = TokenOf(address, key);
        SealedAddress = key.SealText(address, AddressColumn, id.Value);
        KeyId = opening;
        Language = language;
        CreatedAt = now;
    }

    public ReaderId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    /// <summary>By which an address is found.</summary>
    public byte[] AddressToken { get; private set; } = [];

    /// <summary>Under the organisation's key.</summary>
    public byte[] SealedAddress { get; private set; } = [];

    /// <summary>Opens what is sealed for them.</summary>
    public ManagedKeyId KeyId { get; private set; }

    /// <summary>In which they are written to: the sender's, until they choose.</summary>
    public string Language { get; private set; } = string.Empty;

    public DateTimeOffset CreatedAt { get; private set; }

    public static byte[] TokenOf(string address, SealingKey key) => key.Token(System.Text.Encoding.UTF8.GetBytes($"reader/{address.ToLowerInvariant()}"));

    public string Address(SealingKey key) => key.OpenText(SealedAddress, AddressColumn, Id.Value);
}

internal sealed class ReaderMapping : IEntityTypeConfiguration<Reader>
{
    public void Configure(EntityTypeBuilder<Reader> builder)
    {
        builder.ToTable("Readers");
        builder.Property(one => one.AddressToken).HasMaxLength(32);
        builder.Property(one => one.Language).HasMaxLength(10);
        builder.HasIndex(one => new { one.OrganisationId, one.AddressToken }).IsUnique();
    }
}
