using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.AtRest;

namespace Portal.Application.SecureLinks;

/// <summary>The newest code that was mailed to a reader. Each further one makes the one before worthless.</summary>
internal sealed class ReaderCode : IOwned
{
    public const int Digits = 6;
    public const int MostTries = 5;
    public const int MostPerHour = 10;
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan JustSent = TimeSpan.FromSeconds(10);

    private ReaderCode()
    {
    }

    public ReaderCode(Reader reader)
    {
        ReaderId = reader.Id;
        OrganisationId = reader.OrganisationId;
    }

    public ReaderId ReaderId { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    /// <summary>Of the code, under the organisation's key: six digits are soon guessed from a hash alone.</summary>
    public byte[] Token { get; private set; } = [];

    public DateTimeOffset ExpiresAt { get; private set; }

    public int Tries { get; private set; }

    public DateTimeOffset? UsedAt { get; private set; }

    public DateTimeOffset HourBeganAt { get; private set; }

    public int SentThatHour { get; private set; }

    internal long Version { get; private set; }

    public static byte[] TokenOf(ReaderId reader, string code, SealingKey key) => key.Token(System.Text.Encoding.UTF8.GetBytes($"code/{reader}/{code}"));

    /// <summary>Spaces come with what is copied from a mail or read from a screen.</summary>
    public static string DigitsOf(string typed) => string.Concat(typed.Where(char.IsAsciiDigit).Take(Digits + 1));

    /// <summary>Null for now; or else when the next one may be sent.</summary>
    public DateTimeOffset? NextAt(DateTimeOffset now) => SentThatHour >= MostPerHour && now < HourBeganAt + Hour ? HourBeganAt + Hour : null;

    /// <summary>Just mailed, as when a button was pressed twice: a further one would make it worthless before it is read.</summary>
    public bool IsJustSent(DateTimeOffset now) => UsedAt is null && Tries < MostTries && now < ExpiresAt - Lasts + JustSent;

    public void Send(byte[] token, DateTimeOffset now)
    {
        (HourBeganAt, SentThatHour) = now < HourBeganAt + Hour ? (HourBeganAt, SentThatHour + 1) : (now, 1);
        (Token, ExpiresAt, Tries, UsedAt) = (token, now + Lasts, 0, null);
    }
}

internal sealed class ReaderCodeMapping : IEntityTypeConfiguration<ReaderCode>
{
    public void Configure(EntityTypeBuilder<ReaderCode> builder)
    {
        builder.ToTable("ReaderCodes");
        builder.HasKey(one => one.ReaderId);
        builder.HasOne<Reader>().WithMany().HasForeignKey(one => one.ReaderId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(one => one.Token).HasMaxLength(32);
        builder.Property(one => one.Version).IsConcurrencyToken();
        builder.HasIndex(one => one.OrganisationId);
    }
}
