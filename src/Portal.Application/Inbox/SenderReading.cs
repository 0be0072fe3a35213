using System.Security.Cryptography;
using MimeKit;
using Portal.Application.Policies;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Application.Inbox;

/// <summary>Who a message says it is from: for what blocks, every claim counts, wherever it stands.</summary>
internal static class SenderReading
{
    public static SenderFacts Of(OpenedMessage opened, HeaderList header)
    {
        var claimed = header.Where(field => field.Id == HeaderId.From).SelectMany(Addresses).ToList();
        if (opened.Summary.From is { } judged)
        {
            claimed.Add(judged);
        }

        var certificates = opened.Summary.Signers.Select(signer => signer.Certificate?.GetCertHashString(HashAlgorithmName.SHA256)).OfType<string>();
        return new SenderFacts(claimed.Distinct().ToList(), certificates.Distinct().ToList(), opened.Summary.Verdict == Verdict.SignedValid);
    }

    private static IEnumerable<AddrSpec> Addresses(Header field) =>
        InternetAddressList.TryParse(field.RawValue, out var addresses)
            ? addresses.Mailboxes.Select(mailbox => AddrSpec.TryParse(mailbox.Address, out var address) ? address : null).OfType<AddrSpec>()
            : [];
}
