using Portal.Application.Transport;

namespace Portal.Web.Transport;

/// <summary>What is typed into the form of a mail account, and what the well-known providers fill in.</summary>
public sealed class AccountForm
{
    public static readonly IReadOnlyList<string> Providers = ["Google", "Microsoft 365"];

    public string ImapHost { get; set; } = "";

    public int ImapPort { get; set; } = 993;

    public TlsMode ImapTls { get; set; } = TlsMode.Implicit;

    public string SmtpHost { get; set; } = "";

    public int SmtpPort { get; set; } = 587;

    public TlsMode SmtpTls { get; set; } = TlsMode.StartTls;

    public string UserName { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>None where a password is used.</summary>
    public OAuthGrant? Grant { get; set; }

    public string TokenEndpoint { get; set; } = "";

    public string ClientId { get; set; } = "";

    public string ClientSecret { get; set; } = "";

    public string RefreshToken { get; set; } = "";

    public string Scope { get; set; } = "";

    public void Fill(MailAccountSettings known)
    {
        (ImapHost, ImapPort, ImapTls) = (known.ImapHost, known.ImapPort, known.ImapTls);
        (SmtpHost, SmtpPort, SmtpTls, UserName) = (known.SmtpHost, known.SmtpPort, known.SmtpTls, known.UserName);
        (Grant, TokenEndpoint, ClientId, Scope) = (known.OAuth?.Grant, known.OAuth?.TokenEndpoint ?? "", known.OAuth?.ClientId ?? "", known.OAuth?.Scope ?? "");
        ForgetSecrets();
    }

    public void Choose(string? provider)
    {
        switch (provider)
        {
            case "Google":
                (ImapHost, SmtpHost, SmtpPort, SmtpTls) = ("imap.gmail.com", "smtp.gmail.com", 465, TlsMode.Implicit);
                (Grant, TokenEndpoint, Scope) = (OAuthGrant.RefreshToken, "https://oauth2.googleapis.com/token", "https://mail.google.com/");
                break;
            case "Microsoft 365":
                (ImapHost, SmtpHost, SmtpPort, SmtpTls) = ("outlook.office365.com", "smtp.office365.com", 587, TlsMode.StartTls);
                (Grant, TokenEndpoint) = (OAuthGrant.RefreshToken, "https://login.microsoftonline.com/common/oauth2/v2.0/token");
                Scope = "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access";
                break;
            default:
                return;
        }

        (ImapPort, ImapTls) = (993, TlsMode.Implicit);
    }

    public void ForgetSecrets() => (Password, ClientSecret, RefreshToken) = ("", "", "");

    public MailAccountSettings Settings() => new(
        ImapHost.Trim(), ImapPort, ImapTls, SmtpHost.Trim(), SmtpPort, SmtpTls, UserName.Trim(), Grant is null ? Typed(Password, trims: false) : null,
        Grant is { } grant
            ? new OAuthSettings(grant, TokenEndpoint.Trim(), ClientId.Trim(), Typed(ClientSecret), grant == OAuthGrant.RefreshToken ? Typed(RefreshToken) : null, Typed(Scope))
            : null);

    private static string? Typed(string text, bool trims = true) => (trims ? text.Trim() : text) is { Length: > 0 } typed ? typed : null;
}
