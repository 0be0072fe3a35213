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
/// <param name="Password">Null keeps the one that is stored; not used where tokens are.</param>
/// <param name="OAuth">Signs in with access tokens; null where the password does.</param>
public sealed record MailAccountSettings(
    string ImapHost, int ImapPort, TlsMode ImapTls, string SmtpHost, int SmtpPort, TlsMode SmtpTls, string UserName, string? Password, OAuthSettings? OAuth = null)
{
    /// <summary>As pages may see it.</summary>
    internal MailAccountSettings WithoutSecrets() => this with { Password = null, OAuth = OAuth?.WithoutSecrets() };

    internal bool IsComplete => ImapHost.Length > 0 && SmtpHost.Length > 0 && UserName.Length > 0 && ImapPort is > 0 and <= ushort.MaxValue && SmtpPort is > 0 and <= ushort.MaxValue;

    /// <summary>Everything is there that one signs in with.</summary>
    internal bool HasSecrets => OAuth is null ? Password is not null
        : OAuth.Grant == OAuthGrant.RefreshToken ? OAuth.RefreshToken is not null
        : OAuth.ClientSecret is not null;

    /// <summary>What is not typed anew is what is stored, when it goes to the same places; a stored secret goes nowhere else.</summary>
    internal MailAccountSettings WithSecretsOf(MailAccountSettings stored)
    {
        var isSame = (ImapHost, SmtpHost, UserName, OAuth?.TokenEndpoint, OAuth?.ClientId)
            == (stored.ImapHost, stored.SmtpHost, stored.UserName, stored.OAuth?.TokenEndpoint, stored.OAuth?.ClientId);
        return (isSame, OAuth) switch
        {
            (false, _) => this,
            (true, null) => this with { Password = Password ?? stored.Password },
            (true, { Grant: OAuthGrant.ClientCredentials }) => this with { OAuth = OAuth with { ClientSecret = OAuth.ClientSecret ?? stored.OAuth!.ClientSecret } },
            (true, _) => this with
            {
                OAuth = OAuth with { ClientSecret = OAuth.ClientSecret ?? stored.OAuth!.ClientSecret, RefreshToken = OAuth.RefreshToken ?? stored.OAuth!.RefreshToken },
            },
        };
    }

    public override string ToString() => $"{nameof(MailAccountSettings)} {ImapHost} {SmtpHost}";
}

/// <summary>What an access token is given for.</summary>
public enum OAuthGrant
{
    /// <summary>The person's permission (RFC 6749 §6).</summary>
    RefreshToken,

    /// <summary>The organisation's own permission (RFC 6749 §4.4).</summary>
    ClientCredentials,
}

/// <param name="Grant">For what tokens are given.</param>
/// <param name="TokenEndpoint">Https, or on this machine.</param>
/// <param name="ClientId">As registered there.</param>
/// <param name="ClientSecret">Null where the client has none, or keeps the one that is stored.</param>
/// <param name="RefreshToken">Null for client credentials, or keeps the one that is stored.</param>
/// <param name="Scope">What the tokens are for; separated by spaces.</param>
public sealed record OAuthSettings(OAuthGrant Grant, string TokenEndpoint, string ClientId, string? ClientSecret, string? RefreshToken, string? Scope)
{
    [JsonIgnore]
    public bool IsEndpointAllowed =>
        Uri.TryCreate(TokenEndpoint, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    internal OAuthSettings WithoutSecrets() => this with { ClientSecret = null, RefreshToken = null };

    public override string ToString() => $"{nameof(OAuthSettings)} {TokenEndpoint}";
}

/// <param name="Settings">Without secrets; null when no account is connected.</param>
/// <param name="LastFetchAt">When mail was last fetched without a problem.</param>
/// <param name="LastProblem">What the last attempt met, in words.</param>
public sealed record MailAccountView(MailAccountSettings? Settings, DateTimeOffset? LastFetchAt, string? LastProblem);

public abstract record MailAccountOutcome
{
    public sealed record Saved : MailAccountOutcome;

    /// <summary>What did not work is the last step of its server.</summary>
    public sealed record CannotConnect(IReadOnlyList<ConnectionStep> Steps) : MailAccountOutcome;

    /// <summary>What is stored goes only to the servers, user name and client that it was given for.</summary>
    public sealed record SecretNeeded : MailAccountOutcome;

    /// <summary>A server or the user name is missing, or a port is none.</summary>
    public sealed record Incomplete : MailAccountOutcome;

    public sealed record EndpointNotAllowed : MailAccountOutcome;

    public sealed record NotYours : MailAccountOutcome;
}

[JsonSerializable(typeof(MailAccountSettings))]
internal sealed partial class MailAccountJson : JsonSerializerContext;
