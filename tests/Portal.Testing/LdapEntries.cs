using System.Globalization;
using System.Text;

namespace Portal.Testing;

/// <summary>The test servers' directory, filled by ldapadd.</summary>
public static class LdapEntries
{
    public const string BaseName = "dc=partner,dc=test";
    public const string Administrator = "cn=admin,dc=partner,dc=test";

    /// <param name="address">Of an inetOrgPerson.</param>
    /// <param name="certificates">DER, as userCertificate;binary.</param>
    /// <param name="messages">Certs-only messages, as userSMIMECertificate.</param>
    public static async Task AddAsync(string address, IReadOnlyList<byte[]> certificates, IReadOnlyList<byte[]> messages)
    {
        var entry = string.Create(CultureInfo.InvariantCulture, $"dn: cn={Guid.NewGuid():N},{BaseName}\nobjectClass: inetOrgPerson\nsn: Person\nmail: {address}\n")
            + string.Concat(certificates.Select(one => $"userCertificate;binary:: {Convert.ToBase64String(one)}\n"))
            + string.Concat(messages.Select(one => $"userSMIMECertificate:: {Convert.ToBase64String(one)}\n"));
        (await Programs.RunAsync(
            "ldapadd", Encoding.ASCII.GetBytes(entry), "-x", "-H", $"ldap://127.0.0.1:{TestServers.LdapPort}", "-D", Administrator, "-w", TestServers.LdapPassword)).Demand();
    }
}
