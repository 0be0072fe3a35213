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

    /// <param name="opened">Opened and judged. Whether an untrusted signature is answered is the caller's decision.</param>
    /// <param name="reader">Addresses of whoever read it.</param>
    public static ReceiptDecision Of(OpenedMessage opened, IReadOnlyCollection<AddrSpec> reader)
    {
        var asking = opened.Summary.Signers.FirstOrDefault(signer => signer is { State: not SignerState.Invalid, Services.ReceiptRequest: not null, OriginatorSignature: not null });
        return opened switch
        {
            { Payload: null } => new NotAsked(NoReceipt.NotOpened),
            { Receipt: not null } => new NotAsked(NoReceipt.IsReceipt),
            { Summary.Verdict: Verdict.SignedInvalid } => new NotAsked(NoReceipt.SignatureInvalid),
            { Summary.Services: var services } when IsUnclear(services) is { } reason => new NotAsked(reason),
            _ when asking is null => new NotAsked(NoReceipt.NotAsked),
            _ => Of(asking.Services.ReceiptRequest!, asking.OriginatorSignature!, opened.Summary.Services.Agreed.ExpansionHistory, reader),
        };
    }

    private static NoReceipt? IsUnclear(MessageServices services)
    {
        string[] decisive = [Oids.ReceiptRequest, Oids.MailListExpansionHistory];
        return decisive.Any(services.Disputed.Contains) ? NoReceipt.Disputed
            : decisive.Any(services.Agreed.Unreadable.Contains) ? NoReceipt.Unreadable
            : null;
    }

    private static ReceiptDecision Of(ReceiptRequest request, OriginatorSignature original, MailListExpansionHistory? history, IReadOnlyCollection<AddrSpec> reader)
    {
        var policy = history?.Expansions[^1].Policy;
        var to = policy switch
        {
            ReceiptPolicy.InsteadOf { Addresses: var addresses } => addresses,
            ReceiptPolicy.InAdditionTo { Addresses: var addresses } => [.. request.To.Union(addresses)],
            _ => request.To,
        };
        return request.From switch
        {
            _ when policy is ReceiptPolicy.None => new NotAsked(NoReceipt.ForbiddenByList),
            ReceiptsFrom.FirstTier when history is not null => new NotAsked(NoReceipt.NotFirstTier),
            ReceiptsFrom.Listed { Addresses: var listed } when !listed.Any(reader.Contains) => new NotAsked(NoReceipt.NotListed),
            _ when to.Count == 0 => new NotAsked(NoReceipt.NowhereToSend),
            _ => new Asked(request, original, to),
        };
    }
}
