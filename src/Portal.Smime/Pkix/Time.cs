using System.Formats.Asn1;

namespace Portal.Smime.Pkix;

/// <summary>RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050, seconds and no fractions.</summary>
internal static class Time
{
    private const int LastYearOfUtcTime = 2049;

    public static DateTimeOffset Read(AsnReader reader) => reader.PeekTag() == Asn1Tag.UtcTime
        ? reader.ReadUtcTime(LastYearOfUtcTime)
        : reader.ReadGeneralizedTime();

    public static void Write(AsnWriter writer, DateTimeOffset time)
    {
        if (time.UtcDateTime.Year is >= 1950 and <= LastYearOfUtcTime)
        {
            writer.WriteUtcTime(time, LastYearOfUtcTime);
        }
        else
        {
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
        }
    }
}
