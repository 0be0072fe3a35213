using Portal.Application.Certificates;

namespace Portal.Application.KeyManagement;

/// <param name="Id">Of the row that waits.</param>
/// <param name="Kind">What the certificate is for.</param>
/// <param name="Address">The only one that it may name.</param>
/// <param name="Encoded">PKCS#10, DER.</param>
internal sealed record EnrolmentRequest(CertificateId Id, CertificateKind Kind, string Address, ReadOnlyMemory<byte> Encoded);

/// <summary>What an authority elsewhere says to a request.</summary>
internal abstract record EnrolmentAnswer
{
    /// <param name="File">The certificate, and what is above it: PEM, DER or PKCS #7.</param>
    public sealed record Issued(byte[] File) : EnrolmentAnswer;

    /// <summary>Not yet, or somebody will bring the answer.</summary>
    public sealed record Waiting : EnrolmentAnswer;
}

/// <summary>The way of requests to an authority elsewhere. The same request may be brought again: that is how its answer is asked for.</summary>
internal interface IEnrolmentConnector
{
    /// <returns>What the authority has to say now.</returns>
    Task<EnrolmentAnswer> SubmitAsync(EnrolmentRequest request, CancellationToken cancellationToken);
}

/// <summary>Somebody takes the request as a file, and brings the answer as one.</summary>
internal sealed class ManualEnrolment : IEnrolmentConnector
{
    public Task<EnrolmentAnswer> SubmitAsync(EnrolmentRequest request, CancellationToken cancellationToken) => Task.FromResult<EnrolmentAnswer>(new EnrolmentAnswer.Waiting());
}
