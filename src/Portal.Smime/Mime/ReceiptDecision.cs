using Portal.Smime.Ess;
using Portal.Smime.Pkix;

namespace Portal.Smime.Mime;

/// <summary>Why a reader gives no receipt.</summary>
public enum NoReceipt
{
    NotOpened,

    /// <summary>The message is a receipt itself (RFC 2634 §2.4).</summary>
    IsReceipt,

    /// <summary>The signature is broken or cannot be checked.</summary>
    SignatureInvalid,

    /// <summary>Whoever signed it is not trusted, and that was demanded.</summary>
    SignatureUntrusted,

    /// <summary>A program wrote it (RFC 3834 §5), or it went to many without a list's signature: Auto-Submitted, Precedence or List-Id says so.</summary>
    Automatic,

    NotAsked,

    /// <summary>The request, or the history of lists, is there and cannot be read.</summary>
    Unreadable,

    /// <summary>Several signers ask for different things, or tell different histories.</summary>
    Disputed,

    /// <summary>Others are asked by name.</summary>
    NotListed,

    /// <summary>Only those are asked who did not get the message through a list.</summary>
    NotFirstTier,

    /// <summary>A list wants no receipts.</summary>
    ForbiddenByList,

    /// <summary>A list wants receipts somewhere else or as well, and its signature is not trusted: anybody on the way could have added it.</summary>
    ListUntrusted,

    /// <summary>No mail address is named that it could go to.</summary>
    NowhereToSend,
}

/// <summary>Whether this reader is asked for a signed receipt, and where it goes (RFC 2634 §2.3, §4.4).</summary>
public abstract record ReceiptDecision
{
    private ReceiptDecision()
    {
    }

    /// <param name="Request">As signed.</param>
    /// <param name="Original">The signature of the first signer who asks.</param>
    /// <param name="To">Whom the request names, and lists on the way.</param>
    public sealed record Asked(ReceiptRequest Request, OriginatorSignature Original, IReadOnlyList<AddrSpec> To) : ReceiptDecision;

    public sealed record NotAsked(NoReceipt Reason) : ReceiptDecision;

    /// <param name="opened">Opened and judged.</param>
    /// <param name="reader">Addresses of whoever read it.</param>
    /// <param name="demandTrust">Whether only a valid signature is answered.</param>
    public static ReceiptDecision Of(OpenedMessage opened, IReadOnlyCollection<AddrSpec> reader, bool demandTrust)
    {
        var asking = opened.Summary.Signers.FirstOrDefault(signer => signer is { State: not SignerState.Invalid, Services.ReceiptRequest: not null, OriginatorSignature: not null });
        return opened switch
        {
            { Payload: null } => new NotAsked(NoReceipt.NotOpened),
            { Receipt: not null } => new NotAsked(NoReceipt.IsReceipt),
            { Summary.Verdict: Verdict.SignedInvalid } => new NotAsked(NoReceipt.SignatureInvalid),
            { Summary.Services: var services } when IsUnclear(services) is { } reason => new NotAsked(reason),
            _ when asking is null => new NotAsked(NoReceipt.NotAsked),
            { Summary.Verdict: not Verdict.SignedValid } when demandTrust => new NotAsked(NoReceipt.SignatureUntrusted),
            _ when IsAutomatic(opened) => new NotAsked(NoReceipt.Automatic),
            _ => Of(asking.Services.ReceiptRequest!, asking.OriginatorSignature!, Lists(opened), reader),
        };
    }

    private static NoReceipt? IsUnclear(MessageServices services)
    {
        string[] decisive = [Oids.ReceiptRequest, Oids.MailListExpansionHistory];
        return decisive.Any(services.Disputed.Contains) ? NoReceipt.Disputed
            : decisive.Any(services.Agreed.Unreadable.Contains) ? NoReceipt.Unreadable
            : null;
    }

    private static bool IsAutomatic(OpenedMessage opened) => opened.OuterHeader.Concat(opened.Header.Fields.Select(one => one.Field)).Any(field =>
        (field.Is("Auto-Submitted") && !Says(field, "no"))
        || (field.Is("Precedence") && (Says(field, "bulk") || Says(field, "junk") || Says(field, "list")))
        || (field.Is("List-Id") && opened.Summary.Services.Agreed.ExpansionHistory is null));

    private static bool Says(HeaderField field, string word) => field.Text.Split(';')[0].Trim().Equals(word, StringComparison.OrdinalIgnoreCase);

    // What forbids is followed whoever says it; where receipts go, only when the list is known (its address is not the one in From).
    private static List<(MailListExpansion Last, bool IsTrusted)> Lists(OpenedMessage opened) => opened.Layers.SelectMany(layer => layer.Signers)
        .Where(signer => signer is { State: not SignerState.Invalid, Services.ExpansionHistory: not null })
        .Select(signer => (signer.Services.ExpansionHistory!.Expansions[^1], signer.Reasons.All(reason => reason == SignerReason.AddressMismatch))).ToList();

    private static ReceiptDecision Of(
        ReceiptRequest request, OriginatorSignature original, List<(MailListExpansion Last, bool IsTrusted)> lists, IReadOnlyCollection<AddrSpec> reader)
    {
        var policy = lists.Count > 0 ? lists[0].Last.Policy : null;
        var to = policy switch
        {
            ReceiptPolicy.InsteadOf { Addresses: var addresses } => addresses,
            ReceiptPolicy.InAdditionTo { Addresses: var addresses } => [.. request.To.Union(addresses)],
            _ => request.To,
        };
        return request.From switch
        {
            _ when lists.Exists(list => list.Last.Policy is ReceiptPolicy.None) => new NotAsked(NoReceipt.ForbiddenByList),
            ReceiptsFrom.FirstTier when lists.Count > 0 => new NotAsked(NoReceipt.NotFirstTier),
            ReceiptsFrom.Listed { Addresses: var listed } when !listed.Any(reader.Contains) => new NotAsked(NoReceipt.NotListed),
            _ when policy is not null && !lists[0].IsTrusted => new NotAsked(NoReceipt.ListUntrusted),
            _ when to.Count == 0 => new NotAsked(NoReceipt.NowhereToSend),
            _ => new Asked(request, original, to),
        };
    }
}
