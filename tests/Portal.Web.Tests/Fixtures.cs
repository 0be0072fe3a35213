using Portal.Web.Tests;

[assembly: AssemblyFixture(typeof(Browser))]
