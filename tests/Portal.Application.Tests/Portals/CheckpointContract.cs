using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.Checkpoints;
using Portal.Application.Tests.Database;

namespace Portal.Application.Tests.Portals;

/// <summary>What a second place notices that the database itself cannot.</summary>
public abstract class CheckpointContract : DatabaseTest
{
    private readonly DirectoryInfo _second = Directory.CreateTempSubdirectory("portal-second-");
    private TestPortal _portal = null!;
    private OrganisationId _organisation;

    private string CheckpointFile => Path.Combine(_second.FullName, "checkpoints.jsonl");

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db, ("Portal:Audit:CheckpointTarget", _second.FullName), ("Portal:Audit:CheckpointInterval", "00:00:01"));
        _organisation = await _portal.FoundAsync("example.test");
    }

    private protected override async ValueTask EndAsync()
    {
        await (_portal?.DisposeAsync() ?? ValueTask.CompletedTask);
        _second.Delete(recursive: true);
    }

    [Fact]
    public async Task Checkpoints_are_written_by_the_list_of_work_and_agree_with_the_chain()
    {
        await _portal.WorkUntilAsync(() => Task.FromResult(File.Exists(CheckpointFile)));

        var verdict = await VerifyAsync();

        Assert.True(verdict.IsFine, string.Join(' ', verdict.Problems));
        Assert.Equal(1, verdict.Checkpoints);
        Assert.NotNull(verdict.Newest);
    }

    [Fact]
    public async Task A_tail_cut_off_with_the_chains_end_moved_is_noticed()
    {
        var written = await WriteAsync();
        await CutAsync(3);

        var verdict = await VerifyAsync();

        Assert.Equal(new AuditChainState.Broken(4, AuditFault.Truncated), verdict.Chain);
        Assert.True(written > 3);
    }

    [Fact]
    public async Task A_chain_that_was_cut_and_went_on_is_noticed()
    {
        var written = await WriteAsync();
        await CutAsync(3);
        await AppendAsync((int)written);

        var verdict = await VerifyAsync();

        Assert.Equal(new AuditChainState.Broken(written, AuditFault.Rewritten), verdict.Chain);
    }

    [Theory]
    [InlineData("sequence", "1")]
    [InlineData("hash", "\"00\"")]
    [InlineData("at", "\"2026-01-01T00:00:00.000000Z\"")]
    public async Task A_checkpoint_that_was_altered_is_not_believed(string field, string value)
    {
        await WriteAsync();
        await EditAsync(line => line[field] = JsonNode.Parse(value));

        var verdict = await VerifyAsync();

        Assert.Contains("its signature does not fit", verdict.Problems[0], StringComparison.Ordinal);
        Assert.False(verdict.IsFine);
    }

    [Fact]
    public async Task A_foreign_key_is_not_believed_even_when_it_is_put_into_the_database()
    {
        await WriteAsync();
        using var foreign = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var spki = foreign.ExportSubjectPublicKeyInfo();
        await EditAsync(line =>
        {
            var unsigned = AuditCheckpoint.Unsigned(_organisation, 1, new byte[32], TimeProvider.System.GetUtcNow());
            var signed = unsigned.SignedBy(new(spki, foreign.SignData(unsigned.Content(), System.Security.Cryptography.HashAlgorithmName.SHA256)));
            foreach (var (name, value) in JsonNode.Parse(signed.ToLine())!.AsObject())
            {
                line[name] = value?.DeepClone();
            }
        });
        Assert.Contains("signed by another key", (await VerifyAsync()).Problems[0], StringComparison.Ordinal);

        var column = _portal.Get<IPortalDbContexts>().GetType().Name.StartsWith("Sqlite", StringComparison.Ordinal) ? "x'{0}'" : "'\\x{0}'";
        await Db.TamperAsync($"update installation_keys set subject_public_key_info = {string.Format(System.Globalization.CultureInfo.InvariantCulture, column, Convert.ToHexStringLower(spki))}");

        Assert.Contains("signed by another key", (await VerifyAsync()).Problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_was_noted_outside_is_believed_without_the_key_store()
    {
        await WriteAsync();
        var key = Convert.FromBase64String(JsonNode.Parse(await File.ReadAllTextAsync(CheckpointFile))!["publicKey"]!.GetValue<string>());
        _portal.KeyStores.IsUnplugged = true;

        var asked = await VerifyAsync();
        var pinned = await VerifyAsync(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(key)));

        Assert.Contains("--key", Assert.Single(asked.Problems, one => one.Contains("proven", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.True(pinned.IsFine, string.Join(' ', pinned.Problems));
        Assert.False((await VerifyAsync(new string('0', 64))).IsFine);
    }

    [Fact]
    public async Task A_second_place_that_lost_its_last_lines_is_noticed()
    {
        await WriteAsync();
        var before = await File.ReadAllTextAsync(CheckpointFile);
        await Task.Delay(1100);
        await WriteAsync();
        Assert.True((await VerifyAsync()).IsFine);
        await File.WriteAllTextAsync(CheckpointFile, before);
        Assert.Contains("does not have it", Assert.Single((await VerifyAsync()).Problems), StringComparison.Ordinal);
        File.Delete(CheckpointFile);
        Assert.Contains("There is no file", Assert.Single((await VerifyAsync()).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_place_that_is_away_is_said_and_tried_again_and_mail_goes_on()
    {
        await File.WriteAllTextAsync(Path.Combine(_second.FullName, "blocked"), "a file, where a directory has to be");
        await using var away = await _portal.AnotherNodeAsync(("Portal:Audit:CheckpointTarget", Path.Combine(_second.FullName, "blocked", "file")));
        await away.WorkUntilAsync(async () => (await away.Get<AuditCheckpoints>().StatusAsync(_organisation, CancellationToken.None)).FailingSince is not null);
        var status = await away.Get<AuditCheckpoints>().StatusAsync(_organisation, CancellationToken.None);
        Assert.True(status.HasTarget);
        Assert.NotEmpty(status.Problem!);
        await AppendAsync(1);

        Assert.IsType<CheckpointOutcome.Written>(await _portal.Get<AuditCheckpoints>().WriteAsync(_organisation, CancellationToken.None));

        Assert.Null((await _portal.Get<AuditCheckpoints>().StatusAsync(_organisation, CancellationToken.None)).FailingSince);
    }

    [Fact]
    public async Task The_use_of_its_key_is_on_record_around_each_checkpoint()
    {
        var fixedUpTo = await WriteAsync();

        var entries = await EntriesAsync();
        Assert.Equal((AuditAction.KeyUseRequested, fixedUpTo), (entries[^2].Action, entries[^2].Sequence));
        Assert.Equal(AuditAction.KeyUsed, entries[^1].Action);
        Assert.All(entries.TakeLast(2), one => Assert.Contains("local/checkpoints-", one.Detail, StringComparison.Ordinal));

        _portal.KeyStores.IsUnplugged = true;
        Assert.IsType<CheckpointOutcome.Failed>(await _portal.Get<AuditCheckpoints>().WriteAsync(_organisation, CancellationToken.None));
        Assert.Equal([AuditAction.KeyUseRequested, AuditAction.KeyUseFailed], (await EntriesAsync()).TakeLast(2).Select(one => one.Action));
    }

    [Fact]
    public async Task What_a_checkpoint_itself_adds_to_the_chain_asks_for_no_other_one()
    {
        await WriteAsync();
        Assert.True(await _portal.Get<AuditCheckpoints>().IsFreshAsync(_organisation, TimeSpan.FromHours(1), CancellationToken.None));

        await AppendAsync(1);

        Assert.False(await _portal.Get<AuditCheckpoints>().IsFreshAsync(_organisation, TimeSpan.FromHours(1), CancellationToken.None));
    }

    private async Task<List<AuditEntry>> EntriesAsync()
    {
        await using var db = await Db.Database.ReadAsync(_organisation, CancellationToken.None);
        return await db.AuditEntries.OrderBy(one => one.Sequence).ToListAsync();
    }

    private async Task<long> WriteAsync() =>
        Assert.IsType<CheckpointOutcome.Written>(await _portal.Get<AuditCheckpoints>().WriteAsync(_organisation, CancellationToken.None)).Sequence;

    private Task<ChainVerdict> VerifyAsync(string? key = null) =>
        _portal.Get<ChainExamination>().VerifyAsync(_organisation, null, key, CancellationToken.None);

    // As somebody does who owns the database and knows how it is made.
    private Task CutAsync(long last) => Db.TamperAsync(
        $"delete from audit_entries where sequence > {last}; update audit_chains set last_sequence = {last}, last_hash = (select hash from audit_entries where sequence = {last})");

    private async Task AppendAsync(int entries)
    {
        await using var db = await Db.Database.WriteAsync(_organisation, CancellationToken.None);
        for (var i = 0; i < entries; i++)
        {
            db.Record(new AuditEvent(new Actor.Portal(_organisation, "test"), AuditAction.KeyUsed));
        }

        await db.CommitAsync(CancellationToken.None);
    }

    private async Task EditAsync(Action<JsonNode> edit)
    {
        var line = JsonNode.Parse(await File.ReadAllTextAsync(CheckpointFile))!;
        edit(line);
        await File.WriteAllTextAsync(CheckpointFile, line.ToJsonString() + "\n");
    }
}

public sealed class PostgresCheckpointTests(PostgresFixture postgres) : CheckpointContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteCheckpointTests(SqliteFixture sqlite) : CheckpointContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
