using System.Diagnostics;
using System.Text;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>A spool gives back what it got, and shows a disk nothing.</summary>
[Collection(nameof(Alone))]
public sealed class SpoolTests
{
    private const string Canary = "CANARY-3f9a";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65535)]
    [InlineData(65536)]
    [InlineData(65537)]
    [InlineData(131072)]
    [InlineData(1000000)]
    public async Task What_was_written_is_read_in_memory_and_on_disk(int length)
    {
        var content = Content(length);
        foreach (var memory in new[] { 0, 65536, 131072, 10_000_000 })
        {
            await using var spool = await WriteAsync(content, memory);
            Assert.Equal(length, spool.Length);
            Assert.Equal(content, await ReadAsync(spool));
            spool.Position = length / 2;
            Assert.Equal(content[(length / 2)..], await ReadAsync(spool));
            spool.Position = 0;
            Assert.Equal(content, ReadAtOnce(spool));
        }
    }

    [Fact]
    public async Task Seeking_jumps_between_sealed_chunks()
    {
        var content = Content(400_000);
        var generator = new Xorshift(3);
        await using var spool = await WriteAsync(content, 0);
        for (var jump = 0; jump < 200; jump++)
        {
            var position = generator.Below(content.Length);
            spool.Position = position;
            Assert.Equal(content[position], spool.ReadByte());
        }
    }

    [Fact]
    public async Task The_file_shows_no_plaintext_has_no_name_and_dies_with_the_spool()
    {
        var before = OpenFiles();
        var spool = await WriteAsync(Content(300_000), 0);
        var (path, file) = Assert.Single(OpenFiles().Except(before));
        using var bench = new Workbench();
        await RunAsync("cp", path, bench.PathOf("copy"));
        Assert.True(bench.Read("copy").Length > 300_000);
        Assert.Equal(-1, bench.Read("copy").AsSpan().IndexOf(Encoding.ASCII.GetBytes(Canary)));
        Assert.False(File.Exists(file));
        await spool.DisposeAsync();
        Assert.DoesNotContain((path, file), OpenFiles());
    }

    [Fact]
    public async Task A_changed_file_does_not_open()
    {
        var before = OpenFiles();
        await using var spool = await WriteAsync(Content(300_000), 0);
        var (path, _) = Assert.Single(OpenFiles().Except(before));
        await RunAsync("dd", "if=/dev/zero", $"of={path}", "bs=1", "seek=100", "count=8", "conv=notrunc", "status=none");

        await Assert.ThrowsAsync<IOException>(() => ReadAsync(spool));
    }

    [Fact]
    public async Task A_small_spool_opens_no_file()
    {
        var before = OpenFiles();
        await using var spool = await WriteAsync(Content(300_000), Spool.DefaultMemoryBytes);

        Assert.Empty(OpenFiles().Except(before));
    }

    [Fact]
    public async Task Reading_comes_after_completing()
    {
        await using var spool = new Spool();
        await spool.WriteAsync(new byte[10]);

        Assert.Throws<InvalidOperationException>(() => spool.ReadByte());
        await spool.CompleteAsync(default);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await spool.WriteAsync(new byte[1]));
    }

    // Another process: this one's own lock keeps it from opening the file again.
    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static byte[] Content(int length)
    {
        var text = new StringBuilder();
        while (text.Length < length)
        {
            text.Append(Canary).Append(text.Length).Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }

    private static async Task<Spool> WriteAsync(byte[] content, int memory)
    {
        var spool = new Spool(memory);
        for (var offset = 0; offset < content.Length; offset += 10_007)
        {
            await spool.WriteAsync(content.AsMemory(offset, Math.Min(10_007, content.Length - offset)));
        }

        await spool.CompleteAsync(default);
        return spool;
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, 7001);
        return copy.ToArray();
    }

    private static byte[] ReadAtOnce(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>Files of this process that have no name any more: a way to open each, and what it was called.</summary>
    private static List<(string Path, string Name)> OpenFiles()
    {
        const string gone = " (deleted)";
        var files = new List<(string Path, string Name)>();
        foreach (var link in Directory.EnumerateFiles($"/proc/{Environment.ProcessId}/fd"))
        {
            var target = new FileInfo(link).LinkTarget;
            if (target?.StartsWith(Path.GetTempPath(), StringComparison.Ordinal) == true && target.EndsWith(gone, StringComparison.Ordinal))
            {
                files.Add((link, target[..^gone.Length]));
            }
        }

        return files;
    }
}
