using System.IO.Compression;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>Small mail stays small, however often it was compressed.</summary>
public sealed class InflationTests
{
    // Each layer alone keeps its ratio: what is inside is padded with empty blocks, which the next one compresses away.
    [Fact]
    public async Task Compression_around_compression_does_not_multiply()
    {
        var text = Mail.Bytes($"Content-Type: text/plain\r\n\r\n{new string(' ', 100_000_000)}");
        var once = Mail.Message(Entity(await PaddedAsync(text, 600_000)));
        var twice = Mail.Message(Entity(await CompressAsync(Entity(await PaddedAsync(text, 600_000)))));

        Assert.True(twice.Length < 40_000, $"{twice.Length}");
        foreach (var message in new[] { once, twice })
        {
            var opened = await Opened.FromAsync(message);
            Assert.Equal(new OpeningFailure(OpeningFailureKind.TooLarge, "compressed content"), opened.Message.Failure);
        }
    }

    [Theory]
    [InlineData(900_000)]
    [InlineData(3_000_000)]
    public async Task What_people_write_is_not_too_much(int length)
    {
        var generator = new Xorshift(7);
        var words = string.Concat(Enumerable.Range(0, length / 8).Select(_ => $"{generator.Below(10_000_000):D7} "));

        var opened = await Opened.FromAsync(Mail.Message(Entity(await CompressAsync(Mail.Bytes($"Content-Type: text/plain\r\n\r\n{words}")))));

        Assert.True(opened.Payload is not null, opened.Why);
    }

    [Fact]
    public async Task A_little_may_grow_as_much_as_it_likes()
    {
        var opened = await Opened.FromAsync(Mail.Message(Entity(await CompressAsync(Mail.Bytes($"Content-Type: text/plain\r\n\r\n{new string(' ', 1_000_000)}")))));

        Assert.True(opened.Payload is not null, opened.Why);
    }

    private static byte[] Entity(byte[] zlib) => Mail.Pkcs7Mime(Forgery.Compressed(zlib));

    private static async Task<byte[]> CompressAsync(byte[] content)
    {
        using var compressed = new MemoryStream();
        await using (var zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            await zlib.WriteAsync(content);
        }

        return compressed.ToArray();
    }

    // Empty stored blocks after the two octets of header: they hold nothing and count as compressed.
    private static async Task<byte[]> PaddedAsync(byte[] content, int blocksLength)
    {
        byte[] empty = [0, 0, 0, 0xff, 0xff];
        var compressed = await CompressAsync(content);
        return [.. compressed[..2], .. Enumerable.Repeat(empty, blocksLength / empty.Length).SelectMany(block => block), .. compressed[2..]];
    }
}
