using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.SecureLinks;
using Portal.Application.Tests.Database;

namespace Portal.Application.Tests.Portals;

/// <summary>What somebody gets who has the database, or patience.</summary>
public abstract class LinkSecrecyContract : DatabaseTest
{
    private const string Carol = "carol@outside.test";
    private static readonly CancellationToken Never = CancellationToken.None;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private OutsideReaders _outside = null!;

    private ReaderEntry Entry => _portal.Get<ReaderEntry>();

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db, OutsideReaders.PublicAddress);
        _alice = await _portal.EnrolAsync(await _portal.FoundAsync("example.test"), "alice@example.test", Roles.User | Roles.Administrator);
        _outside = new OutsideReaders(_portal, _alice);
    }

    private protected override ValueTask EndAsync() => _portal?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Neither_token_nor_code_nor_content_nor_address_stands_in_any_column()
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(Carol, "The secret findings", "All is wonderfully well.") with { Links = LinkChoices.None with { PassPhrase = "Two Ravens" } });
        var token = await _outside.TokenAsync(sent, Carol);
        var carol = await _outside.ProveAsync(sent, Carol);
        await _portal.Get<LinkReading>().OpenAsync(carol.Reader, carol.Link, "Two Ravens", Never);
        await Entry.SendCodeAsync(token, Never);
        var code = await _outside.CodeAsync(Carol);
        var columns = await ColumnsAsync();
        Assert.NotEmpty(Holding(columns, "Organisation example.test"));
        foreach (var secret in new[] { token, carol.Reader.Token, code, "secret findings", "wonderfully", "ravens", "carol@outside" })
        {
            Assert.Equal((secret, ""), (secret, string.Join(", ", Holding(columns, secret))));
        }
    }

    [Fact]
    public async Task A_thousand_guesses_from_fifty_addresses_open_nothing()
    {
        var token = await _outside.TokenAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings")), Carol);
        var looked = 0;
        for (var codes = 0; codes < 10; codes++)
        {
            Assert.IsType<CodeSending.Sent>(await Entry.SendCodeAsync(token, Never));
            var right = await _outside.CodeAsync(Carol);
            var guesses = Enumerable.Range(0, 100).Select(guess => (Code: Other(right, guess), Origin: new SessionOrigin("curl", $"192.0.2.{(codes * 5) + (guess % 5)}")));
            var answers = await Task.WhenAll(guesses.Select(one => Entry.EnterAsync(token, one.Code, one.Origin, Never)));
            Assert.DoesNotContain(answers, one => one is CodeEntry.Proved);
            looked += answers.Count(one => one is CodeEntry.Wrong) + 1;
        }

        Assert.Equal(50, looked);
        Assert.IsType<CodeSending.TooMany>(await Entry.SendCodeAsync(token, Never));
    }

    private static string Other(string right, int guess) => $"{(int.Parse(right, System.Globalization.CultureInfo.InvariantCulture) + guess + 1) % 1_000_000:D6}";

    private static IEnumerable<string> Holding(IEnumerable<(string Column, byte[] Value)> columns, string secret)
    {
        var wanted = Encoding.UTF8.GetBytes(secret.ToLowerInvariant());
        return columns.Where(one => Lower(one.Value).AsSpan().IndexOf(wanted) >= 0).Select(one => one.Column).Distinct();
    }

    private static byte[] Lower(byte[] value) => Array.ConvertAll(value, one => one is >= (byte)'A' and <= (byte)'Z' ? (byte)(one + 32) : one);

    private async Task<List<(string Column, byte[] Value)>> ColumnsAsync()
    {
        var found = new List<(string, byte[])>();
        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        foreach (var table in db.Model.GetEntityTypes().Select(one => one.GetTableName()!).Distinct())
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // The names of our own tables.
            command.CommandText = $"select * from \"{table}\"";
#pragma warning restore CA2100
            command.Transaction = Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(db.Database.CurrentTransaction!);
            await using var rows = await command.ExecuteReaderAsync(Never);
            while (await rows.ReadAsync(Never))
            {
                for (var column = 0; column < rows.FieldCount; column++)
                {
                    var value = rows.GetValue(column) switch { byte[] bytes => bytes, string text => Encoding.UTF8.GetBytes(text), _ => [] };
                    found.Add(($"{table}.{rows.GetName(column)}", value));
                }
            }
        }

        return found;
    }
}

public sealed class PostgresLinkSecrecyTests(PostgresFixture postgres) : LinkSecrecyContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteLinkSecrecyTests(SqliteFixture sqlite) : LinkSecrecyContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
