using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace Portal.Application.Tests.Database;

/// <summary>Two organisations with a row in every table, and what each can do to the other's.</summary>
public sealed class IsolationTests(PostgresFixture postgres) : DatabaseTest
{
    private readonly OrganisationId _ours = OrganisationId.New();
    private readonly OrganisationId _theirs = OrganisationId.New();
    private IReadOnlyDictionary<IEntityType, object> _theirRows = null!;

    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();

    private protected override async Task PrepareAsync()
    {
        await SampleRows.FillAsync(Db, _ours);
        _theirRows = await SampleRows.FillAsync(Db, _theirs);
    }

    [Fact]
    public async Task Each_sees_exactly_its_own_row_of_every_table()
    {
        await using var db = await Db.Database.ReadAsync(_ours, CancellationToken.None);
        foreach (var type in SampleRows.Owned(db.Model))
        {
            Assert.Equal((type.Name, 1), (type.Name, await CountAsync(db, type)));
            Assert.Equal((type.Name, 0), (type.Name, await CountAsync(db, type, OfTheirs(type))));
        }
    }

    [Fact]
    public async Task Without_an_organisation_nothing_of_any_is_seen()
    {
        await using var db = await Db.Database.ReadInstallationAsync(CancellationToken.None);
        foreach (var type in SampleRows.Owned(db.Model))
        {
            Assert.Equal((type.Name, 0), (type.Name, await CountAsync(db, type)));
        }
    }

    [Fact]
    public async Task Outside_a_transaction_nothing_of_any_is_seen_even_on_a_connection_that_was_used_before()
    {
        await using (var used = await Db.Database.ReadAsync(_ours, CancellationToken.None))
        {
            Assert.Equal(1, await used.Accounts.CountAsync());
        }

        await using var db = Db.Contexts.Create();
        foreach (var type in SampleRows.Owned(db.Model))
        {
            Assert.Equal((type.Name, 0), (type.Name, await CountAsync(db, type)));
        }
    }

    [Fact]
    public async Task With_an_organisation_nothing_of_the_installation_is_seen()
    {
        await using (var installation = await Db.Database.InstallationAsync(CancellationToken.None))
        {
            foreach (var type in SampleRows.OfInstallation(installation.Model))
            {
                SampleRows.Add(installation, type, default, _theirRows);
                await installation.SaveChangesAsync();
                Assert.Equal((type.Name, 1), (type.Name, await CountAsync(installation, type)));
            }

            await installation.CommitAsync(CancellationToken.None);
        }

        await using var db = await Db.Database.ReadAsync(_ours, CancellationToken.None);
        await using var outside = Db.Contexts.Create();
        foreach (var type in SampleRows.OfInstallation(db.Model))
        {
            Assert.Equal((type.Name, 0), (type.Name, await CountAsync(db, type)));
            Assert.Equal((type.Name, 0), (type.Name, await CountAsync(outside, type)));
        }
    }

    [Fact]
    public async Task Nobody_changes_or_deletes_what_is_theirs()
    {
        foreach (var type in _theirRows.Keys)
        {
            var column = type.FindPrimaryKey()!.Properties[0].GetColumnName();
            await ReachesNothingAsync($"update {type.GetTableName()} set {column} = {column} where {OfTheirs(type)}");
            await ReachesNothingAsync($"delete from {type.GetTableName()} where {OfTheirs(type)}");
        }
    }

    [Fact]
    public async Task Nobody_adds_what_would_be_theirs()
    {
        foreach (var type in _theirRows.Keys)
        {
            await using var db = await Db.Database.WriteAsync(_ours, CancellationToken.None);
            SampleRows.Add(db, db.Model.FindEntityType(type.ClrType)!, _theirs, new Dictionary<IEntityType, object>());

            var refusal = await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());

            Assert.Contains("row-level security", Assert.IsType<PostgresException>(refusal.InnerException).MessageText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nobody_gives_a_row_of_its_own_away()
    {
        foreach (var type in _theirRows.Keys.Where(type => type.GetTableName() is not "organisations"))
        {
            await using var db = await Db.Database.WriteAsync(_ours, CancellationToken.None);

            var refusal = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(
                db, $"update {type.GetTableName()} set organisation_id = '{_theirs.Value}'"));

            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }
    }

    private static Task<int> CountAsync(PortalDbContext db, IEntityType type, string where = "true")
    {
#pragma warning disable EF1002 // Names from the model.
        return db.Database.SqlQueryRaw<int>($"select count(*)::int as \"Value\" from {type.GetTableName()} where {where}").SingleAsync();
#pragma warning restore EF1002
    }

    private static Task<int> ExecuteAsync(PortalDbContext db, string statement) => db.Database.ExecuteSqlRawAsync(statement);

    private string OfTheirs(IEntityType type) =>
        $"{(type.GetTableName() == "organisations" ? "id" : "organisation_id")} = '{_theirs.Value}'";

    /// <summary>No row, or not even the right to try.</summary>
    private async Task ReachesNothingAsync(string statement)
    {
        await using var db = await Db.Database.WriteAsync(_ours, CancellationToken.None);
        try
        {
            Assert.Equal((statement, 0), (statement, await ExecuteAsync(db, statement)));
        }
        catch (PostgresException exception)
        {
            Assert.Equal((statement, PostgresErrorCodes.InsufficientPrivilege), (statement, exception.SqlState));
        }
    }
}
