using System.Text.Json.Serialization;

namespace Portal.Application.Transport;

public enum TlsMode
{
    /// <summary>TLS from the first byte (RFC 8314).</summary>
    Implicit,

    StartTls,

    /// <summary>To a server on this machine only.</summary>
    None,
}

/// <param name="ImapHost">Where mail is fetched.</param>
/// <param name="ImapPort">1 to 65535.</param>
/// <param name="ImapTls">How it is protected on the way.</param>
/// <param name="SmtpHost">Where mail is handed in.</param>
/// <param name="SmtpPort">1 to 65535.</param>
/// <param name="SmtpTls">How it is protected on the way.</param>
/// <param name="UserName">On both servers.</param>
/// <param name="Password">Null keeps the one that is stored.</param>
public sealed record MailAccountSettings(
    string ImapHost, int ImapPort, TlsMode ImapTls, string SmtpHost, int SmtpPort, TlsMode SmtpTls, string UserName, string? Password)
{
    public override string ToString() => $"{nameof(MailAccountSettings)} {ImapHost} {SmtpHost}";
}

/// <param name="Settings">Without the password; null when no account is connected.</param>
/// <param name="LastFetchAt">When mail was last fetched without a problem.</param>
/// <param name="LastProblem">What the last attempt met, in words.</param>
public sealed record MailAccountView(MailAccountSettings? Settings, DateTimeOffset? LastFetchAt, string? LastProblem);

public abstract record MailAccountOutcome
{
    public sealed record Saved : MailAccountOutcome;

    /// <param name="Server">IMAP or SMTP, and its host.</param>
    /// <param name="Reason">In words.</param>
    public sealed record CannotConnect(string Server, string Reason) : MailAccountOutcome;
}

[JsonSerializable(typeof(MailAccountSettings))]
internal sealed partial class MailAccountJson : JsonSerializerContext;
