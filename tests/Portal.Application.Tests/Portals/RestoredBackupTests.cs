using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Mailboxes;
using Portal.Application.Tests.Database;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>The whole way, as an operator and a person go it: real processes, the command line, one browser's cookies.</summary>
public abstract class RestoredBackupContract : DatabaseTest
{
    private static readonly (int Messages, int Opened) Size = Nightly.IsOn ? (130, 100) : (30, 20);
    private const string Email = "alice@example.test";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("portal-restored-");

    private protected abstract (TestDatabase Database, string DataDirectory) CleanMachine(string name);

    private protected abstract Task<string> NewNameAsync();

    private protected override ValueTask EndAsync()
    {
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Restored_on_a_clean_machine_old_sessions_work_random_messages_open_and_the_chain_verifies()
    {
        await using var source = await TestPortal.StartAsync(Db);
        var alice = await source.EnrolAsync(await source.FoundAsync("example.test"), Email);
        var sent = new Dictionary<StoredMessageId, byte[]>();
        for (var i = 0; i < Size.Messages; i++)
        {
            var raw = Message(i);
            sent[await source.ArriveAsync(alice, raw)] = raw;
        }

        var archive = Path.Combine(_directory.FullName, "portal.tar");
        SignedIn browser;
        await using (var before = await PortalProcess.StartAsync(source.ProcessSettings))
        {
            await UntilOpenedAsync(source);
            browser = await SignedIn.AsAsync(before.Address, Email, "correct horse battery");
            Assert.Equal(HttpStatusCode.NoContent, await StillHereAsync(browser));
            Fine(await PortalCli.RunAsync(source.ProcessSettings, "backup", archive));
        }

        var (database, directory) = CleanMachine(await NewNameAsync());
        await using var dropped = database;
        Directory.CreateDirectory(directory);
        File.Copy(Path.Combine(source.DataDirectory, "master.key"), Path.Combine(directory, "master.key"));
        var restored = TestPortal.ProcessSettingsFor(database, directory);
        Fine(await PortalCli.RunAsync(restored, "restore", archive));
        using (browser)
        {
            await using var after = await PortalProcess.StartAsync(restored);
            browser.Portal = after.Address;
            Assert.Equal(HttpStatusCode.NoContent, await StillHereAsync(browser));
            var chosen = sent.Keys.ToArray();
            RandomNumberGenerator.Shuffle(chosen.AsSpan());
            foreach (var id in chosen[..Size.Opened])
            {
                using var answer = await browser.SendAsync(HttpMethod.Get, $"/messages/{id.Value}/source", null);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.Equal(sent[id], await answer.Content.ReadAsByteArrayAsync());
                Assert.Contains("Text of message", await browser.PageAsync($"/messages/{id.Value}/body"), StringComparison.Ordinal);
            }
        }

        Fine(await PortalCli.RunAsync(restored, "audit", "verify"));
    }

    // Small ones, and some of several rows.
    private static byte[] Message(int index)
    {
        var filler = Convert.ToBase64String(RandomNumberGenerator.GetBytes(index % 20 == 0 ? 1_500_000 : 300 * index), Base64FormattingOptions.InsertLineBreaks);
        return Encoding.ASCII.GetBytes(
            $"From: carol@outside.test\r\nTo: {Email}\r\nSubject: Message {index}\r\nMessage-ID: <{Guid.NewGuid():N}@outside.test>\r\n"
            + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
            + $"--b\r\nContent-Type: text/plain\r\n\r\nText of message {index}.\r\n"
            + $"--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n{filler}\r\n--b--\r\n");
    }

    private static async Task UntilOpenedAsync(TestPortal portal) => await ManyAccounts.UntilAsync(
        async () =>
        {
            var organisation = (await portal.Get<IDirectory>().ListOrganisationsAsync(CancellationToken.None)).Single();
            await using var db = await portal.Database.ReadAsync(organisation, CancellationToken.None);
            return !await db.Messages.AnyAsync(one => one.State == MessageState.Arrived);
        },
        "every message is opened");

    private static async Task<HttpStatusCode> StillHereAsync(SignedIn browser)
    {
        using var answer = await browser.SendAsync(HttpMethod.Get, "/account/still-here", null);
        return answer.StatusCode;
    }

    private static void Fine(CliAnswer answer) => Assert.True(answer.Code == 0, answer.ToString());
}

public sealed class PostgresRestoredBackupTests(PostgresFixture postgres) : RestoredBackupContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();

    private protected override Task<string> NewNameAsync() => postgres.NewEmptyAsync();

    private protected override (TestDatabase Database, string DataDirectory) CleanMachine(string name) =>
        (new TestDatabase(postgres.Settings(name), _ => Task.CompletedTask, () => PostgresFixture.DropAsync(name)), Path.Combine(Path.GetTempPath(), name));
}

public sealed class SqliteRestoredBackupTests(SqliteFixture sqlite) : RestoredBackupContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();

    private protected override Task<string> NewNameAsync() => Task.FromResult(sqlite.NewDirectory());

    private protected override (TestDatabase Database, string DataDirectory) CleanMachine(string name) =>
        (new TestDatabase(SqliteFixture.Settings(name), _ => Task.CompletedTask, () => Task.CompletedTask), name);
}
