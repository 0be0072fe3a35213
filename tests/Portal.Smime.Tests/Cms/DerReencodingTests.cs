using System.Formats.Asn1;
using Portal.Smime.Cms;

namespace Portal.Smime.Tests.Cms;

/// <summary>Signatures cover DER, whatever BER arrived (RFC 5652 §5.4).</summary>
public sealed class DerReencodingTests
{
    [Theory]
    [InlineData("300302010a", "300302010a")]
    [InlineData("308002010a0000", "300302010a")]
    [InlineData("2480040261620401630000", "0403616263")]
    [InlineData("31060402bbbb0400", "31060402bbbb0400")]
    [InlineData("31800402bbbb04000000", "310604000402bbbb")]
    [InlineData("318031001301610c01620201030000", "310b0201030c01623100130161")]
    [InlineData("a0800402aabb0000", "a0040402aabb")]
    [InlineData("30810302010a", "300302010a")]
    public void BER_becomes_DER(string ber, string der) =>
        Assert.Equal(der, Convert.ToHexStringLower(DerReencoding.Of(Convert.FromHexString(ber)).Span));

    [Theory]
    [InlineData("300402810105")]
    [InlineData("30060101ff010105")]
    [InlineData("2280160161")]
    [InlineData("30030201")]
    [InlineData("2c800c01610000")]
    [InlineData("0500ff")]
    public void What_is_no_BER_or_hides_in_it_is_unreadable_and_nothing_else(string hex)
    {
        try
        {
            DerReencoding.Of(Convert.FromHexString(hex));
        }
        catch (Exception exception) when (exception is UnreadableException or AsnContentException)
        {
        }
    }

    [Fact]
    public void Endless_nesting_is_unreadable()
    {
        var nested = Enumerable.Repeat(new byte[] { 0x30, 0x80 }, 2000).SelectMany(bytes => bytes).Concat(new byte[4000]).ToArray();

        Assert.Throws<UnreadableException>(() => DerReencoding.Of(nested));
    }
}
