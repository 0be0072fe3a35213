using System.Security.Cryptography;

namespace Portal.Web.Shell;

/// <summary>The demo differs from production by these settings only; whatever is configured explicitly wins.</summary>
internal static class DemoSettings
{
    private const string Switch = "--demo";
    private const string PasswordFile = "demo.password";

    /// <summary>The switch has no value, and the configuration's own parser would take the next argument for it.</summary>
    public static string[] Without(string[] args) => [.. args.Where(arg => arg != Switch)];

    public static void Apply(WebApplicationBuilder builder, string[] args)
    {
        var configuration = builder.Configuration;
        var isDemo = args.Contains(Switch);
        var directory = isDemo ? "portal-demo" : "portal";
        Default(configuration, "Portal:DataDirectory", Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), directory));
        if (!isDemo)
        {
            return;
        }

        Default(configuration, "Portal:Demo", "true");
        Default(configuration, "Portal:Demo:Password", () => Password(configuration["Portal:DataDirectory"]!));
        Default(configuration, "Portal:Database:Provider", "Sqlite");
        Default(configuration, "Portal:Transport:Kind", "Pickup");
        Default(configuration, "Portal:Domains:Proof", "None");
        Default(configuration, "Portal:PublicAddress", Listening.FirstAddress(configuration));
    }

    public static bool IsDemo(this IConfiguration configuration) => configuration.GetSection(ShellOptions.Section).Get<ShellOptions>()?.Demo == true;

    private static void Default(ConfigurationManager configuration, string key, string value) => Default(configuration, key, () => value);

    private static void Default(ConfigurationManager configuration, string key, Func<string> value)
    {
        if (string.IsNullOrEmpty(configuration[key]))
        {
            configuration[key] = value();
        }
    }

    // The people of the demo are made once: the next start has to name the same password.
    private static string Password(string directory)
    {
        var file = Path.Combine(Directory.CreateDirectory(directory).FullName, PasswordFile);
        if (!File.Exists(file))
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var writer = new StreamWriter(file, options);
            writer.Write(RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 16));
        }

        return File.ReadAllText(file).Trim();
    }
}
