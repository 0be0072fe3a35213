using Portal.Web.Shell;

if (Help.IsAsked(args))
{
    Console.WriteLine(Help.Words);
    return;
}

var builder = WebApplication.CreateBuilder(DemoSettings.Without(args));
DemoSettings.Apply(builder, args);
builder.AddListening();
builder.AddTelemetry();
builder.Services
    .AddCapabilities(builder.Configuration)
    .AddSignIn(builder.Configuration)
    .AddLimits(builder.Configuration)
    .AddPages();

var app = builder.Build();
app.UseMetrics();
app.UseRoles();

await app.PrepareAsync();
await app.StartAsync();
await app.AnnounceAsync();
await app.WaitForShutdownAsync();
