using MailKit;
using MailKit.Net.Smtp;
using MimeKit;

namespace Portal.Application.Transport;

/// <summary>Remembers each recipient's answer, and goes on with those that were accepted.</summary>
internal sealed class ExactSmtpClient : SmtpClient
{
    private readonly Dictionary<string, SmtpResponse> _refused = new(StringComparer.Ordinal);

    /// <summary>Whom the server did not accept, and what it said.</summary>
    public IReadOnlyDictionary<string, SmtpResponse> Refused => _refused;

    /// <summary>The message was handed over completely; only the server's answer is missing.</summary>
    public bool IsAfterFinalDot { get; private set; }

    public async Task<string> SendAsync(MimeMessage message, MailboxAddress sender, IReadOnlyList<MailboxAddress> recipients, CancellationToken cancellationToken)
    {
        var progress = new FinalDot(this);
        var options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        return await SendAsync(options, message, sender, recipients, cancellationToken, progress);
    }

    /// <summary>Names a sender and takes it back (RFC 5321 §4.1.1.2, §4.1.1.5).</summary>
    /// <returns>The server's answer to MAIL FROM.</returns>
    public async Task<SmtpResponse> TrySenderAsync(string address, CancellationToken cancellationToken)
    {
        var answer = await SendCommandAsync($"MAIL FROM:<{address}>", cancellationToken);
        await SendCommandAsync("RSET", cancellationToken);
        return answer;
    }

    protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
        _refused[mailbox.Address] = response;

    protected override void OnNoRecipientsAccepted(MimeMessage message)
    {
        // Each refusal is on record; the base class would throw the last one.
    }

    private sealed class FinalDot(ExactSmtpClient client) : ITransferProgress
    {
        public void Report(long bytesTransferred, long totalSize) => client.IsAfterFinalDot = bytesTransferred >= totalSize;

        public void Report(long bytesTransferred)
        {
            // Without a total nothing is known about the end.
        }
    }
}
