using Portal.Web.Shell;

if (Help.IsAsked(args))
{
    Console.WriteLine(Help.Words);
    return 0;
}

try
{
    // Its own settings count, wherever it is started from.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = DemoSettings.Without(args), ContentRootPath = AppContext.BaseDirectory });
    DemoSettings.Apply(builder, args);
    builder.AddListening();
    builder.AddTelemetry();
    builder.Services
        .AddCapabilities(builder.Configuration)
        .AddSignIn(builder.Configuration)
        .AddLimits(builder.Configuration)
        .AddPages();

    await using var app = builder.Build();
    app.UseMetrics();
    app.UseRoles();

    await app.PrepareAsync();
    await app.StartAsync();
    await app.AnnounceAsync();
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception exception) when (StartFailure.InWords(exception) is { } words)
{
    await Console.Error.WriteLineAsync(words);
    return 1;
}
