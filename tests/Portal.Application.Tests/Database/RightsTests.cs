using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Portal.Application.Tests.Database;

/// <summary>What PostgreSQL's own catalogue says about the application's role.</summary>
public sealed class RightsTests(PostgresFixture postgres) : DatabaseTest
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();

    [Fact]
    public async Task Row_level_security_is_forced_on_every_table()
    {
        var tables = await AskAsync("select relname || ' ' || relrowsecurity || ' ' || relforcerowsecurity from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')");

        await using var db = Db.Contexts.Create();
        var expected = db.Model.GetEntityTypes().Select(type => type.GetTableName()!).Append("migrations").Select(name => $"{name} true true");
        Assert.Equal(expected.Order(StringComparer.Ordinal), tables.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_table_has_one_policy_for_the_application_and_one_for_the_owner()
    {
        const string own = "NULLIF(current_setting('portal.organisation'::text, true), ''::text))::uuid";
        var policies = await AskAsync("select tablename || ' ' || policyname || ' ' || permissive || ' ' || cmd || ' ' || array_to_string(roles, ',') || ' ' || qual || ' ' || with_check from pg_policies where schemaname = 'public'");

        await using var db = Db.Contexts.Create();
        var expected = db.Model.GetEntityTypes().Select(type => type.GetTableName()!).Append("migrations").SelectMany(table =>
        {
            var rule = table switch
            {
                "organisations" => $"(id = ({own})",
                "installation" or "installation_keys" or "protection_keys" or "sealed_private_keys" or "wrapped_master_keys" =>
                    $"((({own} IS NULL) AND (current_setting('portal.installation'::text, true) = 'on'::text))",
                "migrations" => "true",
                _ => $"(organisation_id = ({own})",
            };
            return (string[])[$"{table} organisation PERMISSIVE ALL portal_app {rule} {rule}", $"{table} owner PERMISSIVE ALL {postgres.Owner} true true"];
        });
        Assert.Equal(expected.Order(StringComparer.Ordinal), policies.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_application_owns_nothing_and_is_nobody_special()
    {
        Assert.Equal(["false"], await AskAsync("select (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)::text from pg_roles where rolname = current_user"));
        Assert.Equal(["portal_app"], await AskAsync("select r.rolname from pg_auth_members m join pg_roles r on r.oid = m.roleid where m.member = current_user::regrole"));
        foreach (var catalogue in (string[])["pg_class.relowner", "pg_proc.proowner", "pg_namespace.nspowner", "pg_database.datdba", "pg_type.typowner"])
        {
            var (table, column) = (catalogue.Split('.')[0], catalogue.Split('.')[1]);
            Assert.Equal((catalogue, "0"), (catalogue, (await AskAsync(
                $"select count(*)::text from {table} where {column} in (current_user::regrole, 'portal_app'::regrole)")).Single()));
        }
    }

    [Fact]
    public async Task The_application_may_do_to_each_table_only_what_is_listed()
    {
        var grants = await AskAsync("select table_name || ' ' || string_agg(privilege_type, ' ' order by privilege_type) from information_schema.role_table_grants where grantee = 'portal_app' group by table_name");

        await using var db = Db.Contexts.Create();
        var expected = db.Model.GetEntityTypes().Select(type => type.GetTableName()!).Append("migrations").Select(table => table switch
        {
            "migrations" => "migrations SELECT",
            "audit_entries" or "installation" or "installation_keys" or "wrapped_master_keys" => $"{table} INSERT SELECT",
            "audit_chains" or "organisations" => $"{table} INSERT SELECT UPDATE",
            "sealed_private_keys" or "blob_pieces" or "revocation_lists" => $"{table} DELETE INSERT SELECT",
            _ => $"{table} DELETE INSERT SELECT UPDATE",
        });
        Assert.Equal(expected.Order(StringComparer.Ordinal), grants.Order(StringComparer.Ordinal));
        Assert.Equal(["0"], await AskAsync("select count(*)::text from information_schema.role_table_grants where table_schema = 'public' and grantee in ('PUBLIC', current_user)"));
    }

    [Fact]
    public async Task These_functions_and_no_others_act_as_the_owner_and_their_names_cannot_be_hijacked()
    {
        var functions = await AskAsync("select proname || ' ' || array_to_string(proconfig, ';') || ' ' || proacl::text from pg_proc where prosecdef");

        string[] listed =
        [
            "portal_claim_work", "portal_count_work", "portal_find_account", "portal_find_authority", "portal_find_domain", "portal_find_large_file", "portal_find_mailbox", "portal_find_one_time_link", "portal_find_organisation", "portal_find_passkey",
            "portal_find_reader_session", "portal_find_secure_link", "portal_list_organisations",
        ];
        var owner = postgres.Owner;
        var expected = listed.Select(name => $"{name} search_path=pg_catalog, pg_temp {{{owner}=X/{owner},portal_app=X/{owner}}}");
        Assert.Equal(expected, functions.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("alter table accounts disable row level security")]
    [InlineData("alter table accounts no force row level security")]
    [InlineData("create policy mine on accounts using (true)")]
    [InlineData("drop policy organisation on accounts")]
    [InlineData("truncate audit_entries")]
    [InlineData("delete from audit_entries")]
    [InlineData("update audit_entries set sequence = 1")]
    [InlineData("create table mine (id int)")]
    [InlineData("alter role current_user createrole")]
    [InlineData("create or replace function portal_list_organisations() returns table (organisation_id uuid) language sql as 'select id from organisations'")]
    [InlineData("insert into migrations values ('later', '11')")]
    public async Task The_application_cannot_loosen_what_binds_it(string statement)
    {
        await using var db = await Db.Database.InstallationAsync(CancellationToken.None);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => db.Database.ExecuteSqlRawAsync(statement));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    [Fact]
    public async Task Switching_row_security_off_gives_an_error_and_no_rows()
    {
        await using var db = await Db.Database.InstallationAsync(CancellationToken.None);
        await db.Database.ExecuteSqlRawAsync("set local row_security = off");

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => db.Accounts.CountAsync());

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    private async Task<List<string>> AskAsync(string query)
    {
        await using var db = await Db.Database.InstallationAsync(CancellationToken.None);
#pragma warning disable EF1002 // The tests' own text.
        return await db.Database.SqlQueryRaw<string>($"select x::text as \"Value\" from ({query}) as q(x)").ToListAsync();
#pragma warning restore EF1002
    }
}
