using System.Globalization;

namespace Portal.Testing;

/// <summary>Where the servers are that ./test.sh has started.</summary>
public static class TestServers
{
    public static int SmtpPort => Port("PORTAL_TEST_SMTP_PORT");

    public static int SubmissionPort => Port("PORTAL_TEST_SUBMISSION_PORT");

    public static int ImapPort => Port("PORTAL_TEST_IMAP_PORT");

    public static int ImapsPort => Port("PORTAL_TEST_IMAPS_PORT");

    public static int LmtpPort => Port("PORTAL_TEST_LMTP_PORT");

    public static string MailPassword => Get("PORTAL_TEST_MAIL_PASSWORD");

    public static int LdapPort => Port("PORTAL_TEST_LDAP_PORT");

    public static int LdapsPort => Port("PORTAL_TEST_LDAPS_PORT");

    public static string LdapPassword => Get("PORTAL_TEST_LDAP_PASSWORD");

    /// <summary>PEM of the authority that signed the mail servers' certificate.</summary>
    public static string Authority => Get("PORTAL_TEST_CA");

    /// <exception cref="InvalidOperationException">It is not set: a missing server is a failure.</exception>
    public static string Get(string variable) => Environment.GetEnvironmentVariable(variable)
        ?? throw new InvalidOperationException(
            $"{variable} is not set. Run ./test.sh, or start the servers: infra/dev/servers.sh start DIR; eval \"$(infra/dev/servers.sh env DIR)\"");

    private static int Port(string variable) => int.Parse(Get(variable), CultureInfo.InvariantCulture);
}
