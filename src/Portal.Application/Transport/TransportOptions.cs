using System.ComponentModel.DataAnnotations;

namespace Portal.Application.Transport;

internal enum TransportKind
{
    /// <summary>To the relay that is configured here.</summary>
    Smtp,

    /// <summary>Into a directory, for trying out.</summary>
    Pickup,
}

/// <summary>How mail leaves for mailboxes that have no account elsewhere.</summary>
internal sealed class TransportOptions
{
    public const string Section = "Portal:Transport";

    /// <summary>Smtp hands mail to the relay below; Pickup puts it into a directory, for trying out.</summary>
    public TransportKind Kind { get; init; } = TransportKind.Smtp;

    /// <summary>Where mail of mailboxes goes that have no account elsewhere.</summary>
    public string RelayHost { get; init; } = "localhost";

    /// <summary>The relay's port.</summary>
    [Range(1, 65535)]
    public int RelayPort { get; init; } = 25;

    /// <summary>None is refused for a relay on another machine.</summary>
    public TlsMode RelayTls { get; init; } = TlsMode.StartTls;

    /// <summary>Where the relay wants one signed in.</summary>
    public string? RelayUserName { get; init; }

    /// <summary>To that user name.</summary>
    public string? RelayPassword { get; init; }

    /// <summary>A PEM file of authorities that mail servers' certificates may come from, besides the system's.</summary>
    public string? ServerAuthorities { get; init; }

    /// <summary>Of this machine's own and of private networks: those that accounts elsewhere may be in, such as "127.0.0.0/8, 10.1.0.0/16". Without it they are reached over the public Internet only, so that nobody looks around behind the portal.</summary>
    public string OwnNetworks { get; init; } = string.Empty;

    /// <summary>How often accounts elsewhere are asked for new mail; a tenth as often while they are watched.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "1.00:00:00")]
    public TimeSpan FetchInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many accounts elsewhere one node keeps a connection to, to hear of new mail at once (IMAP IDLE); the others are only asked.</summary>
    [Range(0, 10000)]
    public int WatchedAccounts { get; init; } = 200;

    /// <summary>How long such a connection is left in peace; RFC 2177 says less than half an hour, some networks forget sooner.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:29:00")]
    public TimeSpan WatchRenewal { get; init; } = TimeSpan.FromMinutes(9);

    /// <summary>Bytes; what is larger stays on the other server, and its owner gets a notice.</summary>
    [Range(1L << 20, 1L << 30)]
    public long LargestMessage { get; init; } = 128L << 20;

    /// <summary>Of one connection, command or answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
