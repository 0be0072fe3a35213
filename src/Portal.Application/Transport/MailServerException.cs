using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Portal.Application.Transport;

/// <summary>A mail server that is away, refuses us, or speaks nonsense: its message can be shown to the mailbox's owner.</summary>
internal sealed class MailServerException : Exception
{
    public MailServerException(string message)
        : base(message)
    {
    }

    public MailServerException(Exception innerException, bool byToken = false)
        : base(byToken && innerException is AuthenticationException ? "The server does not accept the access token for this user name." : InWords(innerException), innerException) => IsRefusal = innerException is AuthenticationException;

    /// <summary>Trying again without a change of settings is pointless.</summary>
    public bool IsRefusal { get; }

    public static bool IsExpected(Exception exception) => exception is SocketException or IOException or TimeoutException
        or AuthenticationException or SslHandshakeException or ServiceNotConnectedException or ServiceNotAuthenticatedException
        or CommandException or ProtocolException or NotSupportedException;

    private static string InWords(Exception exception) => exception switch
    {
        MailServerException own => own.Message,
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "Nothing listens at that host and port.",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } => "There is no host of that name.",
        SocketException or TimeoutException => "The server does not answer.",
        AuthenticationException => "The server does not accept this user name and password.",
        SslHandshakeException => "The server's certificate is not trusted, or it does not speak TLS on this port.",
        NotSupportedException => "The server does not offer the protection that is set (STARTTLS).",
        SmtpCommandException command => $"The server answered {(int)command.StatusCode} {command.Message}",
        CommandException command => $"The server refused: {command.Message}",
        _ => "The connection broke off.",
    };
}
