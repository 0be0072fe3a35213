namespace Portal.Application;

/// <summary>What somebody may do; pages, endpoints and services ask for these and never for a role.</summary>
public enum Permission
{
    /// <summary>Read and write the mail of one's own mailbox.</summary>
    UseMail,

    /// <summary>Invite, disable, reset, give and take roles, end sessions.</summary>
    ManagePeople,

    /// <summary>The organisation's name, domains, mail servers and limits.</summary>
    ManageOrganisation,

    /// <summary>Rules for mail, allow and block lists.</summary>
    ManagePolicies,

    /// <summary>Issue and revoke certificates, trust authorities.</summary>
    ManageCertificates,

    /// <summary>Read the record of who did what.</summary>
    ReadAudit,
}

/// <summary>The one table of who may do what.</summary>
public static class Permissions
{
    private static readonly Dictionary<Permission, Roles> Table = new()
    {
        [Permission.UseMail] = Roles.User,
        [Permission.ManagePeople] = Roles.Administrator,
        [Permission.ManageOrganisation] = Roles.Administrator,
        [Permission.ManagePolicies] = Roles.Administrator,
        [Permission.ManageCertificates] = Roles.CertificateManager | Roles.Administrator,
        [Permission.ReadAudit] = Roles.Auditor | Roles.Administrator,
    };

    /// <returns>Any of the permission's roles is enough; an unknown permission is nobody's.</returns>
    public static bool Allow(this Roles roles, Permission permission) => (Table.GetValueOrDefault(permission) & roles) != Roles.None;

    /// <summary>Before a service does anything. The portal itself may do what its work is.</summary>
    /// <exception cref="UnauthorizedAccessException">The page that called should not have been there.</exception>
    public static void Demand(this Actor actor, Permission permission)
    {
        if (actor is Actor.Person person && !person.Roles.Allow(permission))
        {
            throw new UnauthorizedAccessException($"{person.Account} has no permission to {permission}.");
        }
    }
}
