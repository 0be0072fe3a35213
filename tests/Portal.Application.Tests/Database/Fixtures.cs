using Portal.Application.Tests.Database;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(SqliteFixture))]
