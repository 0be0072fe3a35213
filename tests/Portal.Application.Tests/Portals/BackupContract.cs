using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.Backups;
using Portal.Application.KeyBroker;
using Portal.Application.Mailboxes;
using Portal.Application.Tests.Database;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>Everything into one file, and back on a machine that has nothing.</summary>
public abstract class BackupContract : DatabaseTest
{
    private const string Canary = "quetzal-marmalade-7781";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("portal-backup-");
    private TestPortal? _portal;
    private SignedInPerson _alice = null!;
    private SignedInPerson _bob = null!;

    private string Archive => Path.Combine(_directory.FullName, "portal.tar");

    private string SavedKey => Path.Combine(_directory.FullName, "master.key");

    private TestPortal Source => _portal!;

    private protected abstract Task<TestDatabase> NewUnmigratedAsync();

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db);
        var organisation = await Source.FoundAsync("example.test");
        _alice = await Source.EnrolAsync(organisation, "alice@example.test");
        _bob = await Source.EnrolAsync(organisation, "bob@example.test");
        for (var i = 0; i < 3; i++)
        {
            await Source.SendAsync(_bob, Mail.To("alice@example.test", $"Message {i}", $"{Canary} {i}"));
        }

        await Source.WorkUntilAsync(async () => (await Source.ListAsync(_alice)).Count(one => one.State != MessageState.Arrived) == 3);
        File.Copy(Path.Combine(Source.DataDirectory, "master.key"), SavedKey);
    }

    private protected override async ValueTask EndAsync()
    {
        await (_portal?.DisposeAsync() ?? ValueTask.CompletedTask);
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_clean_machine_with_the_master_key_goes_on_where_the_backup_was_made()
    {
        var cookie = Source.Get<IDataProtectionProvider>().CreateProtector("session").Protect("alice");
        var manifest = await BackUpAsync();
        await using var database = await NewUnmigratedAsync();
        await using var restored = TestPortal.OnCleanMachine(database);
        File.Copy(SavedKey, Path.Combine(restored.DataDirectory, "master.key"));

        var outcome = Assert.IsType<RestoreOutcome.Restored>(await RestoreAsync(restored));

        Assert.Empty(outcome.Doubts);
        Assert.False(outcome.BroughtMasterKey);
        await restored.Get<SystemKey>().PrepareAsync(CancellationToken.None);
        Assert.Equal("alice", restored.Get<IDataProtectionProvider>().CreateProtector("session").Unprotect(cookie));
        await ReadEverythingAsync(restored);
        var chain = await restored.Get<AuditVerification>().VerifyAsync(_alice.Account.Organisation, [], CancellationToken.None);
        Assert.True(Assert.IsType<AuditChainState.Intact>(chain).Entries > manifest.Organisations.Single().Sequence);
        await restored.SendAsync(_alice, Mail.To("bob@example.test", "Afterwards"));
        await restored.ReceiveAsync(_bob, "Afterwards");
    }

    [Fact]
    public async Task The_file_holds_no_plaintext_and_no_master_key_and_is_its_owners()
    {
        await BackUpAsync();

        Assert.Empty(await CanarySearch.FindAsync([Canary], _directory.FullName));
        var (bytes, key) = (await File.ReadAllBytesAsync(Archive), await File.ReadAllBytesAsync(SavedKey));
        Assert.True(bytes.AsSpan().IndexOf(key) < 0);
#pragma warning disable CA1416 // Tests run where the portal does.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Archive));
#pragma warning restore CA1416
        Assert.Equal(["master.key", "portal.tar"], Directory.GetFiles(_directory.FullName).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Without_the_right_master_key_it_is_refused_and_the_key_is_named()
    {
        var manifest = await BackUpAsync();
        await using var database = await NewUnmigratedAsync();
        await using var restored = TestPortal.OnCleanMachine(database);

        var none = Assert.IsType<RestoreOutcome.Refused>(await RestoreAsync(restored));
        await using (var other = PrivateFile.Create(Path.Combine(restored.DataDirectory, "master.key")))
        {
            await other.WriteAsync(RandomNumberGenerator.GetBytes(32));
        }

        var wrong = Assert.IsType<RestoreOutcome.Refused>(await RestoreAsync(restored));

        Assert.StartsWith($"It needs the master key {manifest.MasterKey}, which is not in it.", none.Reason, StringComparison.Ordinal);
        Assert.Contains("holds another", wrong.Reason, StringComparison.Ordinal);
        Assert.False(await restored.Get<IDatabaseBackup>().HasContentAsync(CancellationToken.None));
    }

    [Fact]
    public async Task With_the_master_key_in_it_the_file_is_enough()
    {
        await Source.Get<BackingUp>().WriteAsync(Archive, withMasterKey: true, CancellationToken.None);
        await using var database = await NewUnmigratedAsync();
        await using var restored = TestPortal.OnCleanMachine(database);

        var outcome = Assert.IsType<RestoreOutcome.Restored>(await RestoreAsync(restored));

        Assert.True(outcome.BroughtMasterKey);
        Assert.Empty(outcome.Doubts);
        await restored.Get<SystemKey>().PrepareAsync(CancellationToken.None);
        await ReadEverythingAsync(restored);
    }

    [Fact]
    public async Task What_lives_there_goes_only_when_that_is_said_and_while_nobody_is_at_work()
    {
        await BackUpAsync();
        await Source.SendAsync(_bob, Mail.To("alice@example.test", "After the backup"));
        await Source.ReceiveAsync(_alice, "After the backup");
        Assert.IsType<RestoreOutcome.Refused>(await RestoreAsync(Source));
        await StopAsync();
        await using var again = TestPortal.OnCleanMachine(Db);
        File.Copy(SavedKey, Path.Combine(again.DataDirectory, "master.key"));

        var refused = Assert.IsType<RestoreOutcome.Refused>(await RestoreAsync(again));
        var restored = Assert.IsType<RestoreOutcome.Restored>(await RestoreAsync(again, replace: true));

        Assert.Contains("--replace", refused.Reason, StringComparison.Ordinal);
        Assert.Empty(restored.Doubts);
        await ReadEverythingAsync(again);
    }

    [Fact]
    public async Task A_portal_that_is_at_work_is_not_replaced_under_its_feet()
    {
        await BackUpAsync();
        await using var another = TestPortal.OnCleanMachine(Db);
        File.Copy(SavedKey, Path.Combine(another.DataDirectory, "master.key"));
        await using var working = await Source.Database.ReadAsync(_alice.Account.Organisation, CancellationToken.None);
        await working.Accounts.CountAsync();

        var refusal = await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(another, replace: true));

        Assert.Contains("Stop", refusal.Message, StringComparison.Ordinal);
        await ReadEverythingAsync(Source);
    }

    [Fact]
    public async Task A_damaged_archive_is_refused_in_words_and_nothing_is_touched()
    {
        await BackUpAsync();
        var bytes = await File.ReadAllBytesAsync(Archive);
        await using var database = await NewUnmigratedAsync();
        await using var clean = TestPortal.OnCleanMachine(database);
        File.Copy(SavedKey, Path.Combine(clean.DataDirectory, "master.key"));
        var damaged = Path.Combine(_directory.FullName, "damaged.tar");
        for (var i = 0; i < 40; i++)
        {
            // The manifest, and then anywhere in the database; the last kilobytes may be padding.
            var copy = bytes.ToArray();
            copy[i < 10 ? 1600 + RandomNumberGenerator.GetInt32(200) : 8192 + RandomNumberGenerator.GetInt32(bytes.Length - 20480)] ^= 0x10;
            await File.WriteAllBytesAsync(damaged, copy);
            Assert.NotEmpty(Assert.IsType<RestoreOutcome.Refused>(await RestoreAsync(clean, archive: damaged)).Reason);
        }

        foreach (var other in (byte[][])[[], bytes[..100], bytes[..(bytes.Length / 2)], RandomNumberGenerator.GetBytes(5000), "no tar at all"u8.ToArray()])
        {
            await File.WriteAllBytesAsync(damaged, other);
            Assert.NotEmpty(Assert.IsType<RestoreOutcome.Refused>(await RestoreAsync(clean, archive: damaged)).Reason);
        }

        Assert.IsType<RestoreOutcome.Refused>(await RestoreAsync(clean, archive: Path.Combine(_directory.FullName, "nowhere.tar")));
        Assert.False(await clean.Get<IDatabaseBackup>().HasContentAsync(CancellationToken.None));
        Assert.Equal(["master.key"], Directory.GetFileSystemEntries(clean.DataDirectory).Select(Path.GetFileName));
    }

    [Fact]
    public async Task When_the_database_in_it_cannot_be_used_what_was_there_is_there_again()
    {
        var manifest = await BackUpAsync();
        var garbage = Path.Combine(_directory.FullName, "garbage");
        await File.WriteAllTextAsync(garbage, new string('x', 10_000));
        var forged = Path.Combine(_directory.FullName, "forged.tar");
        await BackupArchive.WriteAsync(
            forged,
            manifest with { DatabaseLength = 10_000, DatabaseSha256 = BackupArchive.Hex(SHA256.HashData(await File.ReadAllBytesAsync(garbage))) },
            garbage,
            null,
            CancellationToken.None);
        await StopAsync();
        await using var again = TestPortal.OnCleanMachine(Db);
        File.Copy(SavedKey, Path.Combine(again.DataDirectory, "master.key"));

        await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(again, replace: true, archive: forged));

        await ReadEverythingAsync(again);
    }

    private Task<BackupManifest> BackUpAsync() => Source.Get<BackingUp>().WriteAsync(Archive, withMasterKey: false, CancellationToken.None);

    private Task<RestoreOutcome> RestoreAsync(TestPortal portal, bool replace = false, string? archive = null) =>
        portal.Get<Restoring>().RestoreAsync(archive ?? Archive, replace, CancellationToken.None);

    private async Task ReadEverythingAsync(TestPortal portal)
    {
        var rows = await portal.ListAsync(_alice);
        Assert.Equal(["Message 0", "Message 1", "Message 2"], rows.Select(one => one.Subject).Order());
        foreach (var row in rows)
        {
            Assert.Contains($"{Canary} {row.Subject[^1]}", await portal.BodyAsync(_alice, row.Id), StringComparison.Ordinal);
        }

        Assert.Equal(3, (await portal.ListAsync(_bob, FolderKind.Sent)).Count);
    }

    private async Task StopAsync()
    {
        await Source.DisposeAsync();
        _portal = null;
    }
}

public sealed class PostgresBackupTests(PostgresFixture postgres) : BackupContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();

    private protected override async Task<TestDatabase> NewUnmigratedAsync()
    {
        var name = await postgres.NewEmptyAsync();
        return new TestDatabase(postgres.Settings(name), _ => Task.CompletedTask, () => PostgresFixture.DropAsync(name));
    }
}

public sealed class SqliteBackupTests(SqliteFixture sqlite) : BackupContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();

    private protected override Task<TestDatabase> NewUnmigratedAsync() =>
        Task.FromResult(new TestDatabase(SqliteFixture.Settings(sqlite.NewDirectory()), _ => Task.CompletedTask, () => Task.CompletedTask));
}
