using Portal.Smime.Ess;

namespace Portal.Smime.Mime;

/// <summary>What the signatures of a message ask for and say by the enhanced security services (RFC 2634), all of them together.</summary>
/// <remarks>
/// Those speak who signed the innermost signed layer, unless their signature is broken. Who signed outside of it may be
/// anybody on the way: of them only the history of lists counts, and a label, which has to be the same as inside.
/// </remarks>
/// <param name="Agreed">Nothing where they differ; what any of them wrote unreadably is in its list.</param>
/// <param name="Disputed">Object identifiers of the attributes in which they differ: whoever decides by one denies.</param>
public sealed record MessageServices(EnhancedServices Agreed, IReadOnlyList<string> Disputed)
{
    private static readonly string[] OfContent =
    [
        Oids.ReceiptRequest, Oids.ContentIdentifier, Oids.ContentHints, Oids.ContentReference, Oids.SecurityLabel, Oids.EquivalentLabels,
    ];

    public static MessageServices None { get; } = new(EnhancedServices.None, []);

    /// <param name="layers">Signers, from the outside in.</param>
    /// <param name="innermost">Index of the innermost signed layer.</param>
    internal static MessageServices Of(IReadOnlyList<IReadOnlyList<SignerSummary>> layers, int innermost) =>
        layers.All(signers => signers.All(signer => ReferenceEquals(signer.Services, EnhancedServices.None))) ? None : Merge(layers, innermost);

    private static MessageServices Merge(IReadOnlyList<IReadOnlyList<SignerSummary>> layers, int innermost)
    {
        var said = layers.Select(signers => signers.Where(signer => signer.State != SignerState.Invalid).Select(signer => signer.Services).ToList()).ToList();
        var content = said[innermost];
        var lists = said.Find(layer => layer.Exists(services => Names(services, Oids.MailListExpansionHistory))) ?? [];
        var outside = said.Take(innermost).SelectMany(layer => layer).ToList();
        var disputed = OfContent.Where(type => Differ(content, type)).ToList();
        if (!disputed.Contains(Oids.SecurityLabel) && outside.Exists(services => ContradictsLabel(services, content)))
        {
            disputed.Add(Oids.SecurityLabel);
        }

        if (Differ(lists, Oids.MailListExpansionHistory))
        {
            disputed.Add(Oids.MailListExpansionHistory);
        }

        return new MessageServices(Agree(content, lists, outside, disputed), disputed);
    }

    private static EnhancedServices Agree(List<EnhancedServices> content, List<EnhancedServices> lists, List<EnhancedServices> outside, List<string> disputed)
    {
        return new EnhancedServices
        {
            ReceiptRequest = One(content, Oids.ReceiptRequest, services => services.ReceiptRequest),
            ContentIdentifier = One(content, Oids.ContentIdentifier, services => services.ContentIdentifier),
            ContentHints = One(content, Oids.ContentHints, services => services.ContentHints),
            ContentReference = One(content, Oids.ContentReference, services => services.ContentReference),
            SecurityLabel = One(content, Oids.SecurityLabel, services => services.SecurityLabel),
            EquivalentLabels = One(content, Oids.EquivalentLabels, services => services.EquivalentLabels is { Count: > 0 } labels ? labels : null) ?? [],
            ExpansionHistory = One(lists, Oids.MailListExpansionHistory, services => services.ExpansionHistory),
            Unreadable = Unreadable(content, OfContent)
                .Concat(Unreadable(outside, [Oids.SecurityLabel]))
                .Concat(Unreadable(lists, [Oids.MailListExpansionHistory]))
                .Distinct().ToList(),
        };

        T? One<T>(List<EnhancedServices> among, string type, Func<EnhancedServices, T?> value)
            where T : class => disputed.Contains(type) ? null : among.Select(value).FirstOrDefault(found => found is not null);
    }

    private static IEnumerable<string> Unreadable(List<EnhancedServices> among, string[] types) =>
        among.SelectMany(services => services.Unreadable).Where(types.Contains);

    private static bool Names(EnhancedServices services, string type) => services.Encoded.ContainsKey(type) || services.Unreadable.Contains(type);

    // RFC 2634 §2.2.1, §3.1.2: not every signer has to say it, but whoever does says the same.
    private static bool Differ(List<EnhancedServices> among, string type)
    {
        var values = among.Where(services => services.Encoded.ContainsKey(type)).Select(services => services.Encoded[type]).ToList();
        return values.Exists(value => !value.Span.SequenceEqual(values[0].Span));
    }

    private static bool ContradictsLabel(EnhancedServices outside, List<EnhancedServices> content) =>
        outside.Encoded.TryGetValue(Oids.SecurityLabel, out var label)
        && !content.Exists(inside => inside.Encoded.TryGetValue(Oids.SecurityLabel, out var same) && same.Span.SequenceEqual(label.Span));
}
