using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.AtRest;
using Portal.Application.KeyBroker;

namespace Portal.Application.SecureLinks;

/// <summary>Somebody outside who reads here what was sealed for them; each organisation knows its own.</summary>
internal sealed class Reader : IOwned
{
    public const int LongestPhrase = 60;
    private const string AddressColumn = "readers.sealed_address";
    private const string AppColumn = "readers.sealed_app_key";
    private const string PhraseColumn = "readers.sealed_phrase";

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

    /// <summary>Words that they chose: notices which have them come from here. Under the organisation's key.</summary>
    public byte[]? SealedPhrase { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When they ended their access; a later message begins it anew.</summary>
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>Of their authenticator app (RFC 6238); under the organisation's key.</summary>
    public byte[]? SealedAppKey { get; private set; }

    /// <summary>When a code of it was typed first; before, it proves nothing.</summary>
    public DateTimeOffset? AppConfirmedAt { get; private set; }

    /// <summary>The newest step of which a code was used: none counts twice.</summary>
    public long AppStep { get; private set; }

    public int AppTries { get; private set; }

    public DateTimeOffset? AppTriesSince { get; private set; }

    /// <summary>Which question about a passkey is the next to be answered: an answer to an earlier one counts no more.</summary>
    public long PasskeyRound { get; private set; }

    public int PasskeyTries { get; private set; }

    public DateTimeOffset? PasskeyTriesSince { get; private set; }

    public bool HasApp => SealedAppKey is not null && AppConfirmedAt is not null;

    public static byte[] TokenOf(string address, SealingKey key) => key.Token(System.Text.Encoding.UTF8.GetBytes($"reader/{address.ToLowerInvariant()}"));

    public string? Phrase(SealingKey key) => SealedPhrase is null ? null : key.OpenText(SealedPhrase, PhraseColumn, Id.Value);

    public void Choose(string language, string? phrase, SealingKey key) =>
        (Language, SealedPhrase) = (language, phrase is null ? null : key.SealText(phrase, PhraseColumn, Id.Value));

    /// <returns>Null for none.</returns>
    public byte[]? AppKey(SealingKey key) => SealedAppKey is null ? null : key.Open(SealedAppKey, SealedValue.Context(AppColumn, Id.Value));

    public void BeginApp(byte[] secret, SealingKey key) => (SealedAppKey, AppConfirmedAt, AppStep) = (key.Seal(secret, SealedValue.Context(AppColumn, Id.Value)), null, 0);

    public void ConfirmApp(long step, DateTimeOffset now) => (AppConfirmedAt, AppStep) = (now, step);

    public void RemoveApp() => (SealedAppKey, AppConfirmedAt) = (null, null);

    public void Close(DateTimeOffset now)
    {
        (SealedPhrase, ClosedAt) = (null, now);
        RemoveApp();
    }

    public void Reopen() => ClosedAt = null;

    /// <summary>Enough for whoever knows the address, and for nobody else: c…n@example.com.</summary>
    public string Masked(SealingKey key)
    {
        var address = Address(key);
        var at = address.LastIndexOf('@');
        return at > 2 ? $"{address[0]}…{address[at - 1]}{address[at..]}" : $"…{address[at..]}";
    }

    public string Address(SealingKey key) => key.OpenText(SealedAddress, AddressColumn, Id.Value);
}

internal sealed class ReaderMapping : IEntityTypeConfiguration<Reader>
{
    public void Configure(EntityTypeBuilder<Reader> builder)
    {
        builder.ToTable("Readers");
        builder.Ignore(one => one.HasApp);
        builder.Property(one => one.AddressToken).HasMaxLength(32);
        builder.Property(one => one.Language).HasMaxLength(10);
        builder.HasIndex(one => new { one.OrganisationId, one.AddressToken }).IsUnique();
    }
}
