using Portal.Smime.Cms;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Cms;

/// <summary>A disk that is full is nothing that the message is to be blamed for.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task What_cannot_be_kept_is_not_malformed()
    {
        using var reader = new BerReader(new MemoryStream(Forgery.CompressedData([Mail.Bytes(Mail.Text)])), 64 * 1024);
        await ContentInfo.EnterAsync(reader, default);

        var exception = await Assert.ThrowsAsync<IOException>(() => CompressedDataReader.ReadAsync(reader, new FullDisk(), new InflationAllowance(1000, 1_000_000), default));

        Assert.Equal("There is no room.", exception.Message);
    }

    private sealed class FullDisk : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("There is no room.");
    }
}
