using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;

namespace Portal.Application.Tests.Database;

public abstract class SealedBlobsContract : DatabaseTest
{
    private const int Chunk = 64 * 1024;
    private const int Piece = 15 * Chunk;

    private protected SealedTenant Tenant { get; private set; } = null!;

    private protected override async Task PrepareAsync() => Tenant = await SealedTenant.NewAsync(Db);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(Chunk - 1, 1)]
    [InlineData(Chunk, 1)]
    [InlineData(Chunk + 1, 1)]
    [InlineData(Piece - 1, 1)]
    [InlineData(Piece, 1)]
    [InlineData(Piece + 1, 2)]
    [InlineData(5 * 1024 * 1024, 6)]
    public async Task What_was_written_is_read(int length, int rows)
    {
        var content = RandomNumberGenerator.GetBytes(length);

        var stored = await Tenant.WriteAsync(content);

        Assert.Equal(length, stored.Length);
        Assert.Equal(SHA256.HashData(content), stored.Sha256);
        Assert.Equal(content, await Tenant.ReadAsync(stored.Id));
        var pieces = await PiecesAsync(stored.Id);
        Assert.Equal(rows, pieces.Count);
        Assert.All(pieces, bytes => Assert.InRange(bytes.Length, 1, 1024 * 1024));
    }

    [Fact]
    public async Task A_range_in_the_middle_is_read_alone()
    {
        var content = RandomNumberGenerator.GetBytes((2 * Piece) + 12345);
        var stored = await Tenant.WriteAsync(content);
        await using var stream = await Tenant.Blobs.OpenAsync(Tenant.Organisation, stored.Id, CancellationToken.None);
        foreach (var (offset, length) in ((int, int)[])[(Piece - 10, 20), (Chunk, 1), ((2 * Piece) + 12340, 5), (3, Chunk * 2)])
        {
            stream.Position = offset;
            var range = new byte[length];
            await stream.ReadExactlyAsync(range);
            Assert.Equal(content[offset..(offset + length)], range);
        }

        stream.Position = content.Length + 1;
        Assert.Equal(0, await stream.ReadAsync(new byte[1]));
    }

    [Theory]
    [InlineData("one bit of the first chunk")]
    [InlineData("the last chunk cut off")]
    [InlineData("the last byte cut off")]
    [InlineData("two chunks swapped")]
    [InlineData("two rows swapped")]
    [InlineData("a row missing")]
    [InlineData("shorter by a byte")]
    [InlineData("shorter by a chunk")]
    [InlineData("longer")]
    public async Task Whatever_was_done_to_the_stored_bytes_is_refused(string damage)
    {
        var stored = await Tenant.WriteAsync(RandomNumberGenerator.GetBytes(Piece + (4 * Chunk)));

        await DamageAsync(stored, damage);

        await Assert.ThrowsAnyAsync<CryptographicException>(() => Tenant.ReadAsync(stored.Id));
    }

    [Fact]
    public async Task The_bytes_of_one_blob_are_refused_in_the_place_of_another()
    {
        var one = await Tenant.WriteAsync(new byte[1000]);
        var other = await Tenant.WriteAsync(new byte[1000]);
        await ReplaceAsync(other.Id, 0, (await PiecesAsync(one.Id))[0]);

        await Assert.ThrowsAnyAsync<CryptographicException>(() => Tenant.ReadAsync(other.Id));
    }

    [Fact]
    public async Task After_a_chunk_was_refused_another_one_is_read_as_it_is()
    {
        var content = RandomNumberGenerator.GetBytes(3 * Chunk);
        var stored = await Tenant.WriteAsync(content);
        var bytes = (await PiecesAsync(stored.Id))[0];
        bytes[Chunk + 16 + 5] ^= 1;
        await ReplaceAsync(stored.Id, 0, bytes);
        await using var stream = await Tenant.Blobs.OpenAsync(Tenant.Organisation, stored.Id, CancellationToken.None);
        var start = new byte[10];
        await stream.ReadExactlyAsync(start);
        stream.Position = Chunk;
        await Assert.ThrowsAnyAsync<CryptographicException>(() => stream.ReadExactlyAsync(new byte[10]).AsTask());

        stream.Position = 0;
        await stream.ReadExactlyAsync(start);

        Assert.Equal(content[..10], start);
    }

    [Theory]
    [InlineData(Piece + Chunk, Piece + Chunk)]
    [InlineData(10, 10)]
    public async Task A_blob_may_be_exactly_as_long_as_the_limit(int length, long limit) =>
        Assert.Equal(length, (await Tenant.WriteAsync(new byte[length], limit)).Length);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(Piece + Chunk, Piece + Chunk - 1)]
    [InlineData(3 * Piece, Piece)]
    public async Task A_blob_over_the_limit_leaves_nothing_behind(int length, long limit)
    {
        await Assert.ThrowsAsync<BlobTooLongException>(() => Tenant.WriteAsync(new byte[length], limit));

        Assert.Equal((0, 0), await CountAsync());
    }

    [Fact]
    public async Task A_source_that_breaks_off_leaves_nothing_behind()
    {
        await using var source = new BreakingStream(Piece + 10);

        await Assert.ThrowsAsync<IOException>(() => Tenant.Blobs.WriteAsync(
            Tenant.Organisation, Tenant.Mailbox, source, long.MaxValue, CancellationToken.None));

        Assert.Equal((0, 0), await CountAsync());
    }

    [Fact]
    public async Task A_deleted_blob_is_gone_with_its_bytes()
    {
        var stored = await Tenant.WriteAsync(new byte[2 * Piece]);

        await Tenant.Blobs.DeleteAsync(Tenant.Organisation, stored.Id, CancellationToken.None);

        Assert.Equal((0, 0), await CountAsync());
    }

    private protected async Task<List<byte[]>> PiecesAsync(BlobId id)
    {
        await using var db = await Db.Database.ReadAsync(Tenant.Organisation, CancellationToken.None);
        return await db.BlobPieces.Where(one => one.BlobId == id).OrderBy(one => one.Index).Select(one => one.Bytes).ToListAsync();
    }

    private async Task<(int Blobs, int Pieces)> CountAsync()
    {
        await using var db = await Db.Database.ReadAsync(Tenant.Organisation, CancellationToken.None);
        return (await db.Blobs.CountAsync(), await db.BlobPieces.CountAsync());
    }

    private async Task DamageAsync(StoredBlob stored, string damage)
    {
        const int sealedChunk = Chunk + 16;
        var pieces = await PiecesAsync(stored.Id);
        switch (damage)
        {
            case "one bit of the first chunk":
                pieces[0][7] ^= 4;
                await ReplaceAsync(stored.Id, 0, pieces[0]);
                break;
            case "the last chunk cut off":
                await ReplaceAsync(stored.Id, 1, pieces[1][..^sealedChunk]);
                break;
            case "the last byte cut off":
                await ReplaceAsync(stored.Id, 1, pieces[1][..^1]);
                break;
            case "two chunks swapped":
                await ReplaceAsync(stored.Id, 1, [.. pieces[1][sealedChunk..(2 * sealedChunk)], .. pieces[1][..sealedChunk], .. pieces[1][(2 * sealedChunk)..]]);
                break;
            case "two rows swapped":
                await ReplaceAsync(stored.Id, 0, pieces[1]);
                await ReplaceAsync(stored.Id, 1, pieces[0]);
                break;
            case "a row missing":
                await AlterAsync(db => db.BlobPieces.Where(one => one.BlobId == stored.Id && one.Index == 1).ExecuteDeleteAsync());
                break;
            default:
                var length = damage switch { "shorter by a byte" => stored.Length - 1, "shorter by a chunk" => stored.Length - Chunk, _ => stored.Length + 1 };
                await AlterAsync(db => db.Blobs.Where(one => one.Id == stored.Id).ExecuteUpdateAsync(set => set.SetProperty(one => one.Length, length)));
                break;
        }
    }

    // A row's bytes cannot be updated by the application, but it may take the row away and write another.
    private Task ReplaceAsync(BlobId id, int index, byte[] bytes) => AlterAsync(async db =>
    {
        await db.BlobPieces.Where(one => one.BlobId == id && one.Index == index).ExecuteDeleteAsync();
        db.BlobPieces.Add(new BlobPiece(Tenant.Organisation, id, index, bytes));
    });

    private async Task AlterAsync(Func<PortalDbContext, Task> alter)
    {
        await using var db = await Db.Database.WriteAsync(Tenant.Organisation, CancellationToken.None);
        await alter(db);
        await db.CommitAsync(CancellationToken.None);
    }
}

public sealed class PostgresSealedBlobsTests(PostgresFixture postgres) : SealedBlobsContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteSealedBlobsTests(SqliteFixture sqlite) : SealedBlobsContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();

    [Fact]
    public async Task Nothing_readable_is_in_the_files_not_even_while_it_is_being_written()
    {
        var canary = Encoding.UTF8.GetBytes("canary-that-must-not-be-found");
        var content = Enumerable.Range(0, 100_000).SelectMany(_ => canary).ToArray();
        await using var source = new BreakingStream(content.Length, content, () => Assert.False(IsInFiles(canary)));
        await Assert.ThrowsAsync<IOException>(() => Tenant.Blobs.WriteAsync(
            Tenant.Organisation, Tenant.Mailbox, source, long.MaxValue, CancellationToken.None));

        var stored = await Tenant.WriteAsync(content);

        Assert.False(IsInFiles(canary));
        Assert.True(IsInFiles((await PiecesAsync(stored.Id))[0].AsSpan(0, 64).ToArray()));
    }

    private bool IsInFiles(byte[] bytes)
    {
        using var db = Db.Contexts.Create();
        var path = new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource;
        return Directory.GetFiles(Path.GetDirectoryName(path)!).Any(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var all = new byte[stream.Length];
            stream.ReadExactly(all);
            return all.AsSpan().IndexOf(bytes) >= 0;
        });
    }
}
