using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Application.Brands;

/// <summary>What an organisation has chosen for what people outside see. There is no row before anything is chosen.</summary>
internal sealed class Brand : IOwned
{
    private Brand()
    {
    }

    public Brand(OrganisationId organisation) => OrganisationId = organisation;

    public OrganisationId OrganisationId { get; private set; }

    /// <summary>Instead of the organisation's own.</summary>
    public string? Name { get; private set; }

    /// <summary>#rrggbb.</summary>
    public string? Accent { get; private set; }

    /// <summary>A-labels in lower case. It counts only below a domain that is still proved.</summary>
    public string? HostName { get; private set; }

    /// <summary>Changes with the logo; null without one.</summary>
    public string? LogoVersion { get; private set; }

    /// <summary>Words of their own: an object with a text for each language.</summary>
    public string TextsJson { get; private set; } = "{}";

    public IReadOnlyDictionary<string, string> Texts => JsonSerializer.Deserialize(TextsJson, BrandJson.Default.DictionaryStringString)!;

    public void Choose(string? name, Colour? accent, IReadOnlyDictionary<string, string> texts) =>
        (Name, Accent, TextsJson) = (name, accent?.ToString(), JsonSerializer.Serialize(texts.ToDictionary(), BrandJson.Default.DictionaryStringString));

    public void AnswerAt(string? host) => HostName = host;

    public void Carry(string? logoVersion) => LogoVersion = logoVersion;
}

internal sealed class BrandMapping : IEntityTypeConfiguration<Brand>
{
    public void Configure(EntityTypeBuilder<Brand> builder)
    {
        builder.ToTable("Brands");
        builder.HasKey(one => one.OrganisationId);
        builder.Ignore(one => one.Texts);
        builder.Property(one => one.TextsJson).HasMaxLength(8000);
        builder.Property(one => one.Name).HasMaxLength(PlainText.LongestName);
        builder.Property(one => one.Accent).HasMaxLength(7);
        builder.Property(one => one.HostName).HasMaxLength(253);
        builder.Property(one => one.LogoVersion).HasMaxLength(16);
    }
}

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class BrandJson : JsonSerializerContext;
