namespace Portal.Application;

[Flags]
public enum Roles
{
    None = 0,
    User = 1,
    Administrator = 2,
    CertificateManager = 4,
    Auditor = 8,
}
