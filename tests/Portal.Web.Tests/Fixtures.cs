using Portal.Web.Tests;

[assembly: AssemblyFixture(typeof(Browser))]
[assembly: AssemblyFixture(typeof(JourneyPortal))]
[assembly: ClosesPages]
