using MailKit;
using MailKit.Net.Imap;

namespace Portal.Application.Transport;

/// <summary>Connects to accounts elsewhere. Whoever signs in with tokens gets a fresh one when the kept one is refused, once; a new refresh token is stored.</summary>
internal sealed class AccountConnections(MailAccountStore accounts, MailConnections connections, AccessTokens tokens)
{
    /// <exception cref="MailServerException">In words.</exception>
    public Task<ImapClient> ImapAsync(MailAccount account, CancellationToken cancellationToken) =>
        OpenAsync(account, connections.ImapAsync, cancellationToken);

    /// <exception cref="MailServerException">In words.</exception>
    public Task<ExactSmtpClient> SmtpAsync(MailAccount account, CancellationToken cancellationToken) =>
        OpenAsync(account, connections.SmtpAsync, cancellationToken);

    /// <summary>Signs in at both servers and leaves again.</summary>
    /// <returns>Null when that worked.</returns>
    public async Task<string?> ProblemAsync(MailAccount account, CancellationToken cancellationToken) =>
        await ProblemAsync("IMAP", () => ImapAsync(account, cancellationToken), cancellationToken)
        ?? await ProblemAsync("SMTP", () => SmtpAsync(account, cancellationToken), cancellationToken);

    private static async Task<string?> ProblemAsync<TClient>(string server, Func<Task<TClient>> open, CancellationToken cancellationToken)
        where TClient : MailService
    {
        try
        {
            using var client = await open();
            await client.DisconnectAsync(true, cancellationToken);
            return null;
        }
        catch (MailServerException exception)
        {
            return $"{server}: {exception.Message}";
        }
    }

    private async Task<TClient> OpenAsync<TClient>(
        MailAccount account, Func<MailAccountSettings, string?, CancellationToken, Task<TClient>> open, CancellationToken cancellationToken)
    {
        var settings = await accounts.SettingsAsync(account, cancellationToken);
        if (settings.OAuth is null)
        {
            return await open(settings, null, cancellationToken);
        }

        var token = await TokenAsync(account, settings.OAuth, fresh: false, cancellationToken);
        try
        {
            return await open(settings, token, cancellationToken);
        }
        catch (MailServerException exception) when (exception.IsRefusal)
        {
            // The first attempt may have brought a new refresh token.
            settings = await CurrentAsync(account, cancellationToken) is { OAuth: not null } current ? current : settings;
            return await open(settings, await TokenAsync(account, settings.OAuth!, fresh: true, cancellationToken), cancellationToken);
        }
    }

    private async Task<string> TokenAsync(MailAccount account, OAuthSettings settings, bool fresh, CancellationToken cancellationToken)
    {
        var answer = await tokens.GetAsync(settings, fresh, cancellationToken);
        if (answer is TokenAnswer.Refused { Reason: TokenRefusal.Grant }
            && (await CurrentAsync(account, cancellationToken))?.OAuth is { } current && current.RefreshToken != settings.RefreshToken)
        {
            // Another node has used the refresh token meanwhile, and stored the one that came for it.
            settings = current;
            answer = await tokens.GetAsync(settings, fresh, cancellationToken);
        }

        if (answer is not TokenAnswer.Granted granted)
        {
            throw new MailServerException(InWords(answer));
        }

        if (granted.RefreshToken is { } refreshToken && refreshToken != settings.RefreshToken)
        {
            await accounts.RotateAsync(account, settings.RefreshToken, refreshToken, cancellationToken);
        }

        return granted.Token;
    }

    private async Task<MailAccountSettings?> CurrentAsync(MailAccount account, CancellationToken cancellationToken) =>
        await accounts.FindAsync(account.OrganisationId, account.Id, cancellationToken) is { } current
            ? await accounts.SettingsAsync(current, cancellationToken)
            : null;

    private static string InWords(TokenAnswer answer) => answer switch
    {
        TokenAnswer.Refused { Reason: TokenRefusal.Client } => "The token endpoint does not accept the client id or its secret.",
        TokenAnswer.Refused { Reason: TokenRefusal.Grant } => "The permission has expired or was withdrawn: a new refresh token is needed.",
        TokenAnswer.Refused { Reason: TokenRefusal.Scope } => "The token endpoint does not give tokens of this scope.",
        TokenAnswer.Refused => "The token endpoint refuses to give a token.",
        TokenAnswer.OutOfReach => ServerWords.Kept(nameof(ServerTexts.OutOfReach)),
        _ => "The token endpoint does not answer as one should.",
    };
}
