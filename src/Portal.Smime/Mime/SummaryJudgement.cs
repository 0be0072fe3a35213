using Portal.Smime.Legacy;
using Portal.Smime.Pkix;

namespace Portal.Smime.Mime;

/// <summary>
/// The one verdict on a message. The innermost signed layer is the one that speaks for the content; whoever signed
/// outside of it (a mailing list, say) need not be the sender, but must not be broken either.
/// </summary>
internal sealed class SummaryJudgement
{
    private readonly IReadOnlyList<OpenedLayer> _layers;
    private readonly HeaderBlock _outer;
    private readonly AddrSpec? _from;

    /// <summary>Without a Date field, the instant of receipt stands for it.</summary>
    private readonly DateTimeOffset? _date;

    private readonly List<IReadOnlyList<SignerSummary>> _signers;

    private readonly bool _isOpened;

    private SummaryJudgement(
        IReadOnlyList<OpenedLayer> layers,
        HeaderBlock outer,
        HeaderBlock header,
        bool isOpened,
        OpeningContext context)
    {
        _layers = layers;
        _outer = outer;
        _isOpened = isOpened;
        _from = FromField.Single(header);
        _date = header.First("Date") is null ? context.ReceivedAt : DateField.Single(header);
        var judgement = new SignerJudgement(context, _from, _date);
        _signers = layers.Select(layer => layer.Signed is { } signed ? judgement.Judge(signed) : []).ToList();
    }

    /// <param name="layers">As far as they could be opened.</param>
    /// <param name="outer">The outermost header.</param>
    /// <param name="header">The one whose From and Date count.</param>
    /// <param name="isOpened">There is a payload, for which the innermost signature speaks.</param>
    /// <param name="context">Trust and policy.</param>
    public static (CryptographicSummary Summary, IReadOnlyList<CryptographicLayer> Layers) Of(
        IReadOnlyList<OpenedLayer> layers,
        HeaderBlock outer,
        HeaderBlock header,
        bool isOpened,
        OpeningContext context)
    {
        var judgement = new SummaryJudgement(layers, outer, header, isOpened, context);
        var summaries = layers.Select((layer, index) =>
            new CryptographicLayer(layer.Kind, layer.Algorithm, layer.Recipients, judgement._signers[index], layer.Failure)
            {
                IsWeak = layer.IsEncrypted && (LegacyAlgorithms.IsWeakCipher(layer.Algorithm ?? string.Empty) || layer.Recipients.Any(recipient => recipient.IsWeak)),
            });
        return (judgement.Summarise(), summaries.ToList());
    }

    private CryptographicSummary Summarise()
    {
        var encrypted = _layers.Any(layer => layer.IsEncrypted);
        var governing = LastSigned();
        if (governing < 0)
        {
            return new CryptographicSummary(Verdict.None, encrypted, [], [], _from);
        }

        var reasons = Reasons(governing).ToList();
        var signers = _signers[governing];
        return new CryptographicSummary(Decide(signers, reasons), encrypted, signers, reasons, _from) { Services = MessageServices.Of(_signers, governing) };
    }

    private static Verdict Decide(IReadOnlyList<SignerSummary> signers, List<MessageReason> reasons)
    {
        if (reasons.Exists(IsInvalid) || signers.Count == 0 || signers.Any(signer => signer.State == SignerState.Invalid))
        {
            return Verdict.SignedInvalid;
        }

        return reasons.Count == 0 && signers.All(signer => signer.State == SignerState.Valid)
            ? Verdict.SignedValid
            : Verdict.SignedUntrusted;
    }

    private static bool IsInvalid(MessageReason reason) => reason switch
    {
        MessageReason.NoSigner or MessageReason.ContentInDetachedSignature or MessageReason.SignatureUnreadable
            or MessageReason.OuterSignatureBroken => true,
        MessageReason.SignsCiphertextOnly or MessageReason.ContentNotOpened or MessageReason.FromNotSingle
            or MessageReason.DateNotSingle or MessageReason.HeaderMalformed => false,
    };

    private IEnumerable<MessageReason> Reasons(int governing)
    {
        if (_layers[governing].Signed is not { } signed)
        {
            yield return MessageReason.SignatureUnreadable;
        }
        else if (signed.Reason is { } reason)
        {
            yield return reason;
        }

        if (Enumerable.Range(0, governing).Any(IsBrokenSignature))
        {
            yield return MessageReason.OuterSignatureBroken;
        }

        if (_layers.Skip(governing + 1).Any(layer => layer.IsEncrypted))
        {
            yield return MessageReason.SignsCiphertextOnly;
        }

        if (!_isOpened)
        {
            yield return MessageReason.ContentNotOpened;
        }

        if (_from is null)
        {
            yield return MessageReason.FromNotSingle;
        }

        if (_date is null)
        {
            yield return MessageReason.DateNotSingle;
        }

        if (_outer.IsMalformed || (_outer.First("Content-Type") is not null && _outer.Single("Content-Type") is null))
        {
            yield return MessageReason.HeaderMalformed;
        }
    }

    private bool IsBrokenSignature(int index) =>
        _layers[index].IsSigned
        && (_layers[index].Signed is not { Reason: null } || _signers[index].Any(signer => signer.State == SignerState.Invalid));

    private int LastSigned()
    {
        for (var index = _layers.Count - 1; index >= 0; index--)
        {
            if (_layers[index].IsSigned)
            {
                return index;
            }
        }

        return -1;
    }
}
