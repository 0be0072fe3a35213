namespace Portal.Web.Shell;

internal static class Help
{
    public const string Words = """
        portal web node

          dotnet run --project src/Portal.Web -- [--demo] [--urls ADDRESSES] [--SETTING VALUE]

          --demo    two people with mail, in SQLite and a local key store; needs no server
          --urls    where to listen; http://localhost:5080 unless said otherwise
          --help    this

        Settings, such as Portal:DataDirectory or Portal:Database:Provider, are in docs/configuration.md. They are also read
        from appsettings.json and from the environment (Portal__DataDirectory). Without --demo, the first visit leads to a
        set-up page that asks for the code printed here.
        """;

    public static bool IsAsked(string[] args) => args.Any(arg => arg is "--help" or "-h" or "-?");
}
