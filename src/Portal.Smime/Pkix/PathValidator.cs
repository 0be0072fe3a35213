using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>Finds and validates a certification path, offline.</summary>
public static class PathValidator
{
    /// <param name="certificate">Whose path.</param>
    /// <param name="trust">All that is known.</param>
    /// <param name="further">Certificates of unknown origin that may stand between, from the message itself.</param>
    /// <param name="at">The instant that is judged.</param>
    public static PathValidation Validate(
        X509Certificate2 certificate,
        TrustStore trust,
        IReadOnlyList<X509Certificate2> further,
        DateTimeOffset at) => throw new NotImplementedException();
}
