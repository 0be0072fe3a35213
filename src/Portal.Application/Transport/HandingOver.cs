using System.Globalization;
using MailKit.Net.Smtp;
using Microsoft.Extensions.Options;
using MimeKit;
using Portal.Application.Telemetry;

namespace Portal.Application.Transport;

/// <summary>What became of one recipient in one attempt.</summary>
/// <param name="Answer">For <see cref="ServerWords"/>.</param>
internal abstract record HandOver(string Answer)
{
    public sealed record Accepted(string Answer) : HandOver(Answer);

    /// <summary>4xx, no connection, or no answer: worth another attempt.</summary>
    /// <param name="Answer">In words.</param>
    /// <param name="IsServerAway">No server's answer.</param>
    /// <param name="MayBeTaken">Everything was handed over; only the answer is missing (RFC 1047).</param>
    public sealed record Deferred(string Answer, bool IsServerAway = false, bool MayBeTaken = false) : HandOver(Answer);

    /// <summary>5xx: for good.</summary>
    public sealed record Refused(string Answer) : HandOver(Answer);
}

/// <summary>Hands a message over to the next mail server (RFC 5321).</summary>
internal sealed class HandingOver(MailAccountStore accounts, MailConnections connections, AccountConnections accountConnections, Pickup pickup, IOptions<TransportOptions> options)
{
    /// <param name="organisation">Whose mail.</param>
    /// <param name="sender">The mailbox that sends.</param>
    /// <param name="returnPath">Empty for a notice (RFC 5321 §4.5.5).</param>
    /// <param name="recipients">Addr-specs.</param>
    /// <param name="name">Unique for this message.</param>
    /// <param name="content">The final bytes, from their beginning.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>One outcome for each recipient, in their order.</returns>
    public async Task<IReadOnlyList<HandOver>> SendAsync(
        OrganisationId organisation,
        MailboxId sender,
        string returnPath,
        IReadOnlyList<string> recipients,
        string name,
        Stream content,
        CancellationToken cancellationToken)
    {
        using var span = Spans.Call("portal.hand_over")?.SetTag("portal.organisation", organisation.ToString()).SetTag("portal.outbox_message", name);
        var outcomes = await AttemptAsync(organisation, sender, returnPath, recipients, name, content, cancellationToken);
        span?.SetTag("portal.accepted", outcomes.Count(one => one is HandOver.Accepted))
            .SetTag("portal.deferred", outcomes.Count(one => one is HandOver.Deferred))
            .SetTag("portal.refused", outcomes.Count(one => one is HandOver.Refused));
        return outcomes;
    }

    private async Task<IReadOnlyList<HandOver>> AttemptAsync(
        OrganisationId organisation,
        MailboxId sender,
        string returnPath,
        IReadOnlyList<string> recipients,
        string name,
        Stream content,
        CancellationToken cancellationToken)
    {
        var account = await accounts.FindAsync(organisation, sender, cancellationToken);
        if (account is null && options.Value.Kind == TransportKind.Pickup)
        {
            await pickup.PutAsync(name, returnPath, recipients, content, cancellationToken);
            return recipients.Select(HandOver (_) => new HandOver.Accepted(ServerWords.Kept(nameof(ServerTexts.PickedUp)))).ToList();
        }

        try
        {
            using var client = account is null
                ? await connections.RelayAsync(cancellationToken)
                : await accountConnections.SmtpAsync(account, cancellationToken);
            return await SendAsync(client, returnPath, recipients, content, cancellationToken);
        }
        catch (MailServerException exception)
        {
            return recipients.Select(HandOver (_) => new HandOver.Deferred(exception.Kept, IsServerAway: true)).ToList();
        }
    }

    private static async Task<IReadOnlyList<HandOver>> SendAsync(
        ExactSmtpClient client, string returnPath, IReadOnlyList<string> recipients, Stream content, CancellationToken cancellationToken)
    {
        HandOver outcome;
        try
        {
            using var message = await MimeMessage.LoadAsync(content, cancellationToken);
            var answer = await client.SendAsync(
                message, new MailboxAddress(string.Empty, returnPath), recipients.Select(one => new MailboxAddress(string.Empty, one)).ToList(), cancellationToken);
            outcome = new HandOver.Accepted(answer);
        }
        catch (SmtpCommandException exception)
        {
            outcome = Judged(exception.StatusCode, exception.Message);
        }
        catch (Exception exception) when (MailServerException.IsExpected(exception))
        {
            var answer = client.IsAfterFinalDot ? ServerWords.Kept(nameof(ServerTexts.MaybeTaken)) : new MailServerException(exception).Kept;
            outcome = new HandOver.Deferred(answer, IsServerAway: true, client.IsAfterFinalDot);
        }

        return recipients
            .Select(one => client.Refused.TryGetValue(one, out var refusal) ? Judged(refusal.StatusCode, refusal.Response) : outcome)
            .ToList();
    }

    private static HandOver Judged(SmtpStatusCode code, string text)
    {
        var answer = string.Create(CultureInfo.InvariantCulture, $"{(int)code} {text}");
        return (int)code >= 500 ? new HandOver.Refused(answer) : new HandOver.Deferred(answer);
    }
}
