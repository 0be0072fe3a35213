using Portal.Application;
using Portal.Application.Transport;
using Portal.Web.Shell;

namespace Portal.Web.Transport;

/// <summary>What a step of a connection came to, and what to do about it.</summary>
internal static class ConnectionWords
{
    public static string Of(ConnectionStepKind kind) => kind switch
    {
        ConnectionStepKind.GetToken => TransportTexts.KindGetToken,
        ConnectionStepKind.FindName => TransportTexts.KindFindName,
        ConnectionStepKind.Connect => TransportTexts.KindConnect,
        ConnectionStepKind.Protect => TransportTexts.KindProtect,
        ConnectionStepKind.SignIn => TransportTexts.KindSignIn,
        ConnectionStepKind.OpenMailbox => TransportTexts.KindOpenMailbox,
        ConnectionStepKind.UseSenderAddress => TransportTexts.KindUseSenderAddress,
    };

    public static string Of(StepOutcome outcome, bool byToken) => outcome switch
    {
        StepOutcome.Ok => TransportTexts.Ok,
        StepOutcome.Announces size => TransportTexts.Announces.With(FileSize.Of(size.LargestMessage)),
        StepOutcome.NameNotFound name => TransportTexts.NameNotFound.With(name.Host),
        StepOutcome.OutOfReach place => TransportTexts.OutOfReach.With(place.Host),
        StepOutcome.ConnectionRefused refused => TransportTexts.ConnectionRefused.With(refused.Host, $"{refused.Port}"),
        StepOutcome.NoTimelyAnswer => TransportTexts.NoTimelyAnswer,
        StepOutcome.SpeaksPlain => TransportTexts.SpeaksPlain,
        StepOutcome.SpeaksTls => TransportTexts.SpeaksTls,
        StepOutcome.NoStartTls => TransportTexts.NoStartTls,
        StepOutcome.UnprotectedElsewhere => TransportTexts.UnprotectedElsewhere,
        StepOutcome.CertificateUntrusted certificate => TransportTexts.CertificateUntrusted.With(certificate.Issuer),
        StepOutcome.CertificateNotInTime certificate => TransportTexts.CertificateNotInTime.With(Day(certificate.NotBefore), Day(certificate.NotAfter)),
        StepOutcome.CertificateOfOther certificate => TransportTexts.CertificateOfOther.With(string.Join(", ", certificate.Names)),
        StepOutcome.TlsFailed => TransportTexts.TlsFailed,
        StepOutcome.OtherProtocol => TransportTexts.OtherProtocol,
        StepOutcome.SignInRefused => byToken ? TransportTexts.TokenSignInRefused : TransportTexts.SignInRefused,
        StepOutcome.NoCommonMechanism { Offered.Count: 0 } => TransportTexts.NoMechanism,
        StepOutcome.NoCommonMechanism mechanisms => TransportTexts.NoCommonMechanism.With(string.Join(", ", mechanisms.Offered)),
        StepOutcome.MailboxRefused mailbox => TransportTexts.MailboxRefused.With(mailbox.Answer),
        StepOutcome.SenderRefused sender => TransportTexts.SenderRefused.With(sender.Address, sender.Answer),
        StepOutcome.TokenRefused token => Of(token.Reason),
        StepOutcome.TokenNoAnswer => TransportTexts.TokenNoAnswer,
        _ => TransportTexts.BrokenOff,
    };

    private static string Of(TokenRefusal reason) => reason switch
    {
        TokenRefusal.Client => TransportTexts.TokenRefusedClient,
        TokenRefusal.Grant => TransportTexts.TokenRefusedGrant,
        TokenRefusal.Scope => TransportTexts.TokenRefusedScope,
        TokenRefusal.Other => TransportTexts.TokenRefusedOther,
    };

    private static string Day(DateTimeOffset instant) => instant.ToString(ShellTexts.DayFormat, System.Globalization.CultureInfo.CurrentCulture);
}
