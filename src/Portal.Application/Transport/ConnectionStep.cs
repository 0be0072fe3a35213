namespace Portal.Application.Transport;

public enum TestedServer
{
    /// <summary>Where access tokens come from.</summary>
    Tokens,

    Imap,

    Smtp,
}

public enum ConnectionStepKind
{
    GetToken,
    FindName,
    Connect,
    Protect,
    SignIn,
    OpenMailbox,
    UseSenderAddress,
}

/// <summary>One step of a connection, and what it came to.</summary>
public sealed record ConnectionStep(TestedServer Server, ConnectionStepKind Kind, StepOutcome Outcome)
{
    public bool IsOk => Outcome is StepOutcome.Ok or StepOutcome.Announces;
}

public abstract record StepOutcome
{
    public sealed record Ok : StepOutcome;

    /// <param name="LargestMessage">Bytes, as the server says (RFC 1870).</param>
    public sealed record Announces(long LargestMessage) : StepOutcome;

    public sealed record NameNotFound(string Host) : StepOutcome;

    /// <summary>The name leads into a network that is not opened to accounts.</summary>
    public sealed record OutOfReach(string Host) : StepOutcome;

    /// <summary>Nothing listens there.</summary>
    public sealed record ConnectionRefused(string Host, int Port) : StepOutcome;

    public sealed record NoTimelyAnswer : StepOutcome;

    /// <summary>TLS is set, and the port begins in the clear: STARTTLS would fit.</summary>
    public sealed record SpeaksPlain : StepOutcome;

    /// <summary>STARTTLS or none is set, and the port begins with TLS.</summary>
    public sealed record SpeaksTls : StepOutcome;

    public sealed record NoStartTls : StepOutcome;

    /// <summary>No protection, to another machine.</summary>
    public sealed record UnprotectedElsewhere : StepOutcome;

    /// <param name="Issuer">As the certificate says.</param>
    public sealed record CertificateUntrusted(string Issuer) : StepOutcome;

    public sealed record CertificateNotInTime(DateTimeOffset NotBefore, DateTimeOffset NotAfter) : StepOutcome;

    /// <param name="Names">Those that the certificate is for.</param>
    public sealed record CertificateOfOther(IReadOnlyList<string> Names) : StepOutcome;

    public sealed record TlsFailed : StepOutcome;

    /// <summary>Whatever is there, it is no such mail server.</summary>
    public sealed record OtherProtocol : StepOutcome;

    public sealed record BrokenOff : StepOutcome;

    public sealed record SignInRefused : StepOutcome;

    /// <param name="Offered">By the server; none where it lets nobody sign in.</param>
    public sealed record NoCommonMechanism(IReadOnlyList<string> Offered) : StepOutcome;

    /// <param name="Answer">The server's words.</param>
    public sealed record MailboxRefused(string Answer) : StepOutcome;

    /// <param name="Address">Of the mailbox.</param>
    /// <param name="Answer">The server's words.</param>
    public sealed record SenderRefused(string Address, string Answer) : StepOutcome;

    public sealed record TokenRefused(TokenRefusal Reason) : StepOutcome;

    public sealed record TokenNoAnswer : StepOutcome;
}
