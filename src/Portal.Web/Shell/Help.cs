namespace Portal.Web.Shell;

/// <summary>What the console answers to --help.</summary>
internal static class Help
{
    public const string Words =
        """
        The portal: encrypted mail in the browser.

          dotnet run --project src/Portal.Web -- [--demo] [--SETTING=VALUE ...]

          --demo   Try it out: two people, a mailbox full of examples, no server needed.
          --help   These lines.

        Settings are given as --Portal:DataDirectory=DIR, as Portal__DataDirectory in the environment, or in appsettings.json:

          Portal:DataDirectory                   where the database and the local key store live
          Portal:Demo:Password                   the password of the demo's people
          Portal:Roles                           Web, Worker or Web,Worker (both where nothing is said)
          Portal:Database:Provider               Sqlite or Postgres
          Portal:Database:ConnectionString       how the portal reaches the database
          Portal:Database:OwnerConnectionString  how it is set up and migrated (PostgreSQL)
          Portal:Transport:Kind                  Smtp, or Pickup for files instead of mail to outside
          Portal:Proxies                         addresses of the proxies that end TLS, comma-separated
          Portal:Session:Idle                    hh:mm:ss without a click or a key until one is signed out
          urls                                   where to listen, http://localhost:5080 where nothing is said
        """;

    public static bool IsAsked(string[] args) => args.Any(arg => arg is "--help" or "-h" or "-?");
}
