using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Smime.Tests.Support;

/// <summary>What a message turned out to be, payload in memory.</summary>
internal sealed record Opened(CryptographicSummary Summary, byte[]? Payload, OpenedMessage Message)
{
    public Verdict Verdict => Summary.Verdict;

    public static OpeningContext Context(TrustStore? trust = null, IDecryptionKeys? keys = null) =>
        new(trust ?? Pki.Trust, keys ?? TestKeys.Of(Pki.Bob), Pki.Now);

    public static Task<Opened> FromAsync(byte[] message) => FromAsync(message, Context());

    public static async Task<Opened> FromAsync(byte[] message, OpeningContext context)
    {
        await using var opened = await MessageOpener.OpenAsync(new MemoryStream(message), context, default);
        if (opened.Payload is not { } payload)
        {
            return new Opened(opened.Summary, null, opened);
        }

        using var copy = new MemoryStream();
        await payload.CopyToAsync(copy);
        return new Opened(opened.Summary, copy.ToArray(), opened);
    }

    /// <summary>Reasons of message and signers, for a failing assertion to show.</summary>
    public string Why => string.Join(
        ' ',
        [$"{Verdict}", $"{Message.Failure}", .. Summary.Reasons.Select(reason => $"{reason}"), .. Summary.Signers.SelectMany(signer => signer.Reasons).Select(reason => $"{reason}")]);
}
