using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.Accounts;
using Portal.Application.AtRest;

namespace Portal.Application.Policies;

public enum ListAction
{
    Allow,
    Block,
}

public enum ListKind
{
    /// <summary>One address in From.</summary>
    Address,

    /// <summary>Every address at a domain, and below it.</summary>
    Domain,

    /// <summary>A signer's certificate.</summary>
    Certificate,
}

/// <summary>One line of an organisation's or a person's list for mail that comes in. Addresses are people's: the value is sealed, and found by its token.</summary>
internal sealed class ListEntry : IOwned
{
    private const string Column = "list_entries.sealed_content";

    private ListEntry()
    {
    }

    public ListEntry(OrganisationId organisation, AccountId? owner, ListAction action, ListedValue value, string note, SealingKey key, AccountId? by, DateTimeOffset now)
    {
        Id = ListEntryId.New();
        OrganisationId = organisation;
        OwnerId = owner;
        Action = action;
        Kind = value.Kind;
        Token = value.Token(key);
        SealedContent = key.SealRecord(new ListEntryContent(value.Text, note), ListEntryJson.Default.ListEntryContent, Column, Id.Value);
        CreatedBy = by;
        CreatedAt = now;
    }

    public ListEntryId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    /// <summary>Whose list; null for the organisation's.</summary>
    public AccountId? OwnerId { get; private set; }

    public ListAction Action { get; private set; }

    public ListKind Kind { get; private set; }

    /// <summary>Keyed token of the value.</summary>
    public byte[] Token { get; private set; } = [];

    /// <summary>Sealed: value and note.</summary>
    public byte[] SealedContent { get; private set; } = [];

    /// <summary>Null: the portal's operator.</summary>
    public AccountId? CreatedBy { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public ListEntryContent Content(SealingKey key) => key.OpenRecord(SealedContent, ListEntryJson.Default.ListEntryContent, Column, Id.Value);
}

internal sealed record ListEntryContent(string Value, string Note);

[JsonSerializable(typeof(ListEntryContent))]
internal sealed partial class ListEntryJson : JsonSerializerContext;

internal sealed class ListEntryMapping : IEntityTypeConfiguration<ListEntry>
{
    public void Configure(EntityTypeBuilder<ListEntry> builder)
    {
        builder.ToTable("ListEntries");
        builder.HasOne<Account>().WithMany().HasForeignKey(one => one.OwnerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Account>().WithMany().HasForeignKey(one => one.CreatedBy).OnDelete(DeleteBehavior.Restrict);
        builder.Property(one => one.Token).HasMaxLength(32);

        // A value stands once in each list: nulls are unequal, so the organisation's list needs an index of its own.
        builder.HasIndex(one => new { one.OrganisationId, one.Token }, "IX_ListEntries_Organisation").IsUnique().HasFilter("owner_id is null");
        builder.HasIndex(one => new { one.OrganisationId, one.Token, one.OwnerId }).IsUnique();
    }
}
