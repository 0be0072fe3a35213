using System.Globalization;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Portal.Application.Transport;

/// <summary>A mail server that is away, refuses us, or speaks nonsense: its message can be shown to the mailbox's owner.</summary>
internal sealed class MailServerException : Exception
{
    public MailServerException(string kept)
        : base(ServerWords.Read(kept, CultureInfo.CurrentUICulture)) => Kept = kept;

    public MailServerException(Exception innerException, bool byToken = false)
        : base(ServerWords.Read(Named(innerException, byToken), CultureInfo.CurrentUICulture), innerException) =>
        (Kept, IsRefusal) = (Named(innerException, byToken), innerException is AuthenticationException);

    /// <summary>For <see cref="ServerWords"/>: what is stored, to be read in any language.</summary>
    public string Kept { get; }

    /// <summary>Trying again without a change of settings is pointless.</summary>
    public bool IsRefusal { get; }

    public static bool IsExpected(Exception exception) => exception is SocketException or IOException or TimeoutException
        or AuthenticationException or SslHandshakeException or ServiceNotConnectedException or ServiceNotAuthenticatedException
        or CommandException or ProtocolException or NotSupportedException;

    private static string Named(Exception exception, bool byToken) => exception switch
    {
        MailServerException own => own.Kept,
        OutOfReachException => ServerWords.Kept(nameof(ServerTexts.OutOfReach)),
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => ServerWords.Kept(nameof(ServerTexts.NothingListens)),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } => ServerWords.Kept(nameof(ServerTexts.NoHost)),
        SocketException or TimeoutException => ServerWords.Kept(nameof(ServerTexts.NoAnswer)),
        AuthenticationException when byToken => ServerWords.Kept(nameof(ServerTexts.TokenRefused)),
        AuthenticationException => ServerWords.Kept(nameof(ServerTexts.PasswordRefused)),
        SslHandshakeException => ServerWords.Kept(nameof(ServerTexts.NotTrusted)),
        NotSupportedException => ServerWords.Kept(nameof(ServerTexts.NoStartTls)),
        SmtpCommandException command => $"{(int)command.StatusCode} {command.Message}",
        CommandException command => command.Message,
        _ => ServerWords.Kept(nameof(ServerTexts.BrokeOff)),
    };
}
