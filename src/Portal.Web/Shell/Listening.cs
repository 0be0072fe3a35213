namespace Portal.Web.Shell;

/// <summary>Loopback unless the operator names addresses.</summary>
internal static class Listening
{
    private const string DefaultAddress = "http://localhost:5080";

    public static void AddListening(this WebApplicationBuilder builder)
    {
        // From a build, styles of components lie beside their sources; a published portal has them in wwwroot.
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        if (!IsNamed(builder.Configuration))
        {
            builder.WebHost.UseUrls(DefaultAddress);
        }
    }

    private static bool IsNamed(ConfigurationManager configuration) =>
        !string.IsNullOrEmpty(configuration[WebHostDefaults.ServerUrlsKey])
        || !string.IsNullOrEmpty(configuration["HTTP_PORTS"])
        || !string.IsNullOrEmpty(configuration["HTTPS_PORTS"])
        || configuration.GetSection("Kestrel:Endpoints").Exists();
}
