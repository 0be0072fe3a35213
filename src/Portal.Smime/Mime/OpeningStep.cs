using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;

namespace Portal.Smime.Mime;

/// <summary>What is done to a message on the way to its verdict, in this order.</summary>
public enum OpeningStepKind
{
    /// <summary>Parts, depth, headers, sizes are counted before anything else looks.</summary>
    Structure,

    /// <summary>A layer is recognised.</summary>
    Layer,

    /// <summary>A private key that fits one of the recipients is found and asked.</summary>
    Key,

    /// <summary>The content is decrypted and its integrity checked.</summary>
    Content,

    /// <summary>A signature is held against the content.</summary>
    Signature,

    /// <summary>The signer's certificate: usages, path, revocation.</summary>
    Certificate,

    /// <summary>The certificate's addresses are held against From.</summary>
    Address,

    /// <summary>The claimed time is held against Date and validity.</summary>
    SigningTime,

    /// <summary>Which header counts.</summary>
    Header,

    Verdict,
}

public enum StepOutcome
{
    Passed,
    Failed,

    /// <summary>Neither good nor bad.</summary>
    Noted,
}

/// <param name="Kind">What was done.</param>
/// <param name="Outcome">How it went.</param>
/// <param name="Layer">Counted from 1, the outermost; 0 for the message.</param>
/// <param name="Details">Names of enum members (reasons, failures, kinds) and object identifiers; never content.</param>
/// <param name="Subject">An address, where the step is about somebody.</param>
public sealed record OpeningStep(OpeningStepKind Kind, StepOutcome Outcome, int Layer, IReadOnlyList<string> Details, string? Subject = null)
{
    /// <summary>Detail of a layer that is <see cref="CryptographicLayer.IsWeak"/>.</summary>
    public const string Weak = nameof(Weak);

    /// <summary>Where no path holds: what the one that came furthest failed on. Null too where a certificate is revoked.</summary>
    public PathFailure? PathFailure { get; init; }

    /// <summary>The certificate that failed it or is revoked: the signer's, or one above it.</summary>
    public X509Certificate2? FailedCertificate { get; init; }
}
