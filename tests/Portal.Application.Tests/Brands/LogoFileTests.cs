using Portal.Application.Brands;
using Portal.Testing;

namespace Portal.Application.Tests.Brands;

/// <summary>What a file is, whatever it is called.</summary>
public sealed class LogoFileTests
{
    [Fact]
    public void A_png_says_how_large_it_is() => Assert.Equal(new LogoFile("image/png", 300, 80), LogoFile.Read(Pictures.Png(300, 80)));

    [Fact]
    public void A_jpeg_says_how_large_it_is_wherever_that_stands() => Assert.Equal(new LogoFile("image/jpeg", 1999, 700), LogoFile.Read(Pictures.JpegHead(1999, 700)));

    [Fact]
    public void Whatever_else_there_is_is_no_logo()
    {
        byte[][] others =
        [
            [],
            [.. "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"u8],
            [.. "GIF89a"u8, 1, 0, 1, 0, 0, 0, 0],
            [.. "<html>"u8],
            [0xFF, 0xD8, 0xFF],
            [0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            [0xFF, 0xD8, 0xFF, 0xE0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0],
            [0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 0xFF, 0xC0, 0, 17, 8, 0, 9, 0, 9, 3],
            [0xFF, 0xD8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        ];
        foreach (var file in others)
        {
            Assert.Null(LogoFile.Read(file));
        }
    }

    [Fact]
    public void A_picture_that_is_cut_off_or_has_no_size_is_none()
    {
        var (png, jpeg) = (Pictures.Png(1, 1), Pictures.JpegHead(1, 1));
        for (var length = 0; length < 24; length++)
        {
            Assert.Null(LogoFile.Read(png.AsSpan(0, length)));
            Assert.Null(LogoFile.Read(jpeg.AsSpan(0, length)));
        }

        Assert.Null(LogoFile.Read(Pictures.Png(0, 1)));
        Assert.Null(LogoFile.Read(Pictures.JpegHead(1, 0)));
    }
}
