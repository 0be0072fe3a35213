using Portal.Application.Tests.Database;
using Portal.Application.Tests.Portals;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(SqliteFixture))]
[assembly: AssemblyFixture(typeof(PostgresClinic))]
[assembly: AssemblyFixture(typeof(SqliteClinic))]
[assembly: AssemblyFixture(typeof(ManyAccounts))]
