using System.Security.Cryptography;
using System.Text;
using Portal.Smime.Dkim;
using Portal.Smime.Mime;

namespace Portal.Smime.Tests.Dkim;

/// <summary>RFC 6376 §3.4.5 and what surrounds it.</summary>
public sealed class RelaxedTests
{
    [Theory]
    [InlineData("A", " X\r\n", "a:X")]
    [InlineData("B ", " Y\t\r\n\tZ  \r\n", "b:Y Z")]
    [InlineData("SubJect", "\t a  b\t c", "subject:a b c")]
    [InlineData("X-Empty", "  ", "x-empty:")]
    public void A_header_field_is_relaxed_as_the_standard_shows(string name, string value, string relaxed) =>
        Assert.Equal(relaxed, Encoding.Latin1.GetString(RelaxedHeader.Of(new HeaderField(name.TrimEnd(), value))));

    [Theory]
    [InlineData(" C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n")]
    [InlineData("", "")]
    [InlineData("\r\n\r\n", "")]
    [InlineData(" \t\r\n", "")]
    [InlineData("no end", "no end\r\n")]
    [InlineData("a\r\n\r\n \r\nb", "a\r\n\r\n\r\nb\r\n")]
    [InlineData("bare\rreturn\r\n", "bare\rreturn\r\n")]
    [InlineData("at the end \r", "at the end \r\r\n")]
    public async Task A_body_is_relaxed_as_the_standard_shows_however_it_is_cut(string body, string relaxed)
    {
        var expected = SHA256.HashData(Encoding.Latin1.GetBytes(relaxed));
        using var whole = new MemoryStream(Encoding.Latin1.GetBytes(body));
        Assert.Equal(expected, await RelaxedBody.HashAsync(whole, CancellationToken.None));
        using var cut = new RelaxedBody();
        foreach (var one in Encoding.Latin1.GetBytes(body))
        {
            cut.Append([one]);
        }

        Assert.Equal(expected, cut.Finish());
    }
}
