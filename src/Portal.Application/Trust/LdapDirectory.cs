using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.AtRest;
using Portal.Application.Transport;

namespace Portal.Application.Trust;

/// <param name="Host">Name or address.</param>
/// <param name="Port">389, or 636 with TLS from the beginning.</param>
/// <param name="Tls">How the connection is protected; without, certificates come all the same, and who asks for whom is read on the way.</param>
/// <param name="BaseName">Distinguished name below which is looked.</param>
/// <param name="BindName">Distinguished name; null to ask without one.</param>
/// <param name="BindPassword">Of that.</param>
/// <param name="Domains">Mail domains whose people are looked for there, those below them included.</param>
public sealed record LdapSettings(string Host, int Port, TlsMode Tls, string BaseName, string? BindName, string? BindPassword, IReadOnlyList<string> Domains)
{
    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>A directory of others in which certificates of correspondents stand.</summary>
internal sealed class LdapDirectory : IOwned
{
    private const string Column = "ldap_directories.sealed_settings";

    private LdapDirectory()
    {
    }

    public LdapDirectory(OrganisationId organisation) => (Id, OrganisationId) = (Guid.NewGuid(), organisation);

    public Guid Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    /// <summary>Sealed: <see cref="LdapSettings"/>.</summary>
    public byte[] SealedSettings { get; private set; } = [];

    public void Set(SealingKey key, LdapSettings settings) => SealedSettings = key.SealRecord(settings, LdapSettingsJson.Default.LdapSettings, Column, Id);

    public LdapSettings Open(SealingKey key) => key.OpenRecord(SealedSettings, LdapSettingsJson.Default.LdapSettings, Column, Id);
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(LdapSettings))]
internal sealed partial class LdapSettingsJson : JsonSerializerContext;

internal sealed class LdapDirectoryMapping : IEntityTypeConfiguration<LdapDirectory>
{
    public void Configure(EntityTypeBuilder<LdapDirectory> builder)
    {
        builder.ToTable("LdapDirectories");
        builder.HasIndex(one => one.OrganisationId);
    }
}
