using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;

namespace Portal.Testing;

/// <summary>The real Dovecot, from its users' side.</summary>
public static class MailServers
{
    /// <summary>Mailboxes that nobody else uses; there when it returns.</summary>
    public static async Task AddUsersAsync(params IReadOnlyList<string> addresses)
    {
        await File.AppendAllLinesAsync(
            TestServers.Get("PORTAL_TEST_MAIL_USERS"), addresses.Select(address => $"{address}:{{PLAIN}}{TestServers.MailPassword}::::::"));

        // Dovecot looks at the file once in a second, and before that knows nothing new.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await IsKnownAsync(addresses[^1]))
        {
            await Task.Delay(50, deadline.Token);
        }
    }

    /// <summary>LMTP (RFC 2033), as a mail server hands over.</summary>
    public static async Task DeliverAsync(string from, string to, byte[] message)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", TestServers.LmtpPort);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await ExpectAsync(reader, "220");
        foreach (var command in new[] { "LHLO test", $"MAIL FROM:<{from}>", $"RCPT TO:<{to}>" })
        {
            await SayAsync(stream, command);
            await ExpectAsync(reader, "250");
        }

        await SayAsync(stream, "DATA");
        await ExpectAsync(reader, "354");
        foreach (var line in Encoding.Latin1.GetString(message).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            await SayAsync(stream, line.StartsWith('.') ? "." + line : line);
        }

        await SayAsync(stream, ".");
        await ExpectAsync(reader, "250");
        await SayAsync(stream, "QUIT");
    }

    private static async Task<bool> IsKnownAsync(string address)
    {
        try
        {
            using var client = await ConnectAsync(address);
            return true;
        }
        catch (AuthenticationException)
        {
            return false;
        }
    }

    /// <summary>Signed in by IMAP; the caller disposes it.</summary>
    public static async Task<ImapClient> ConnectAsync(string address)
    {
        var client = new ImapClient
        {
            // The servers are ours, on loopback.
            ServerCertificateValidationCallback = (_, _, _, errors) => errors != SslPolicyErrors.RemoteCertificateNotAvailable,
            CheckCertificateRevocation = false,
        };
        await client.ConnectAsync("localhost", TestServers.ImapsPort, useSsl: true);
        await client.AuthenticateAsync(address, TestServers.MailPassword);
        return client;
    }

    /// <summary>Waits for a message with this subject, and gives the raw bytes of the newest.</summary>
    public static async Task<byte[]> ReadAsync(string address, string subject)
    {
        using var client = await ConnectAsync(address);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            await client.Inbox!.OpenAsync(FolderAccess.ReadOnly, deadline.Token);
            var found = await client.Inbox.SearchAsync(SearchQuery.SubjectContains(subject), deadline.Token);
            if (found.Count > 0)
            {
                await using var raw = await client.Inbox.GetStreamAsync(found[^1], string.Empty, deadline.Token);
                using var bytes = new MemoryStream();
                await raw.CopyToAsync(bytes, deadline.Token);
                return bytes.ToArray();
            }

            await Task.Delay(100, deadline.Token);
        }
    }

    private static async Task SayAsync(NetworkStream stream, string line) => await stream.WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"));

    private static async Task ExpectAsync(StreamReader reader, string code)
    {
        string line;
        do
        {
            line = await reader.ReadLineAsync() ?? throw new IOException("The server hung up.");
        }
        while (line.Length > 3 && line[3] == '-');
        if (!line.StartsWith(code, StringComparison.Ordinal))
        {
            throw new IOException($"The server said: {line}");
        }
    }
}
