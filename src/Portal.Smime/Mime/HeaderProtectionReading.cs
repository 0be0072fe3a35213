using System.Text;

namespace Portal.Smime.Mime;

/// <summary>Finds out which header counts: the one inside the protection, where there is one (RFC 9788 §4).</summary>
/// <param name="outer">The message's own header.</param>
/// <param name="payload">The header of the cryptographic payload.</param>
/// <param name="wrapped">The header of the message in it, when the payload is message/rfc822.</param>
internal sealed class HeaderProtectionReading(HeaderBlock outer, HeaderBlock payload, HeaderBlock? wrapped)
{
    /// <summary>hp="cipher" against hp="clear"; for older forms, which do not say, whatever the layers are.</summary>
    private readonly string? _parameter = Parameter(payload, HeaderProtectionParameter.Name);

    public HeaderProtectionForm Form { get; } = FormOf(outer, payload, wrapped);

    /// <summary>Where From, Date and the rest are taken from.</summary>
    public HeaderBlock Inner => Form switch
    {
        HeaderProtectionForm.None => outer,
        HeaderProtectionForm.HeaderProtection or HeaderProtectionForm.ProtectedHeaders => payload,
        HeaderProtectionForm.WrappedMessage => wrapped!,
    };

    /// <param name="isSigned">The signature holds, and its signer is the one in From.</param>
    /// <param name="isEncrypted">The payload came out of an encrypted layer.</param>
    public MessageHeader Describe(bool isSigned, bool isEncrypted)
    {
        var outside = Shown(outer).ToList();
        if (Form == HeaderProtectionForm.None)
        {
            return new MessageHeader(Form, outside.ConvertAll(field => new ProtectedField(field, HeaderState.Unprotected, IsInside: false)));
        }

        var inside = Shown(Inner).ToList();
        var hasSameFrom = HasSameFrom();

        // RFC 9788 §4.4: a From that no signature vouches for does not replace the one that other filters have seen.
        if (!isSigned && !hasSameFrom)
        {
            inside.RemoveAll(field => field.Is("From"));
        }

        var fields = inside.ConvertAll(field => new ProtectedField(field, State(field, isSigned, isEncrypted), IsInside: true));
        var further = outside.Where(field => !inside.Exists(one => one.Is(field.Name)));
        fields.AddRange(further.Select(field => new ProtectedField(field, HeaderState.Unprotected, IsInside: false)));
        return new MessageHeader(Form, fields)
        {
            MayHaveLegacyDisplay = Form == HeaderProtectionForm.HeaderProtection && _parameter == HeaderProtectionParameter.Cipher,
            HasOtherFromOutside = !hasSameFrom && outside.Exists(field => field.Is("From")),
            Tampered = Tampered(inside, outside).Distinct(StringComparer.OrdinalIgnoreCase).ToList(),
        };
    }

    // What cannot be understood is the same only where it is written the same.
    private bool HasSameFrom() => FromField.Single(outer) is { } one
        ? one == FromField.Single(Inner)
        : outer.All("From").Select(field => field.Value).SequenceEqual(Inner.All("From").Select(field => field.Value));

    private HeaderState State(HeaderField field, bool isSigned, bool isEncrypted)
    {
        var isConfidential = isEncrypted && _parameter != HeaderProtectionParameter.Clear && !StoodOutside(field);
        return (isSigned, isConfidential) switch
        {
            (true, true) => HeaderState.SignedAndEncrypted,
            (true, false) => HeaderState.SignedOnly,
            (false, true) => HeaderState.EncryptedOnly,
            (false, false) => HeaderState.Unprotected,
        };
    }

    // The sender's own word where there is one; older forms leave nothing but what arrived, which is weaker evidence.
    private bool StoodOutside(HeaderField field) => Form == HeaderProtectionForm.HeaderProtection
        ? MeantOutside().Any(one => Same(one, field))
        : outer.Fields.Any(one => Same(one, field));

    private IEnumerable<string> Tampered(List<HeaderField> inside, List<HeaderField> outside)
    {
        var meant = Form == HeaderProtectionForm.HeaderProtection && _parameter == HeaderProtectionParameter.Cipher
            ? MeantOutside().ToList()
            : inside;
        foreach (var field in inside.Where(one => outside.Exists(other => other.Is(one.Name))))
        {
            var isMeant = outside.Where(one => one.Is(field.Name))
                .All(one => meant.Exists(other => Same(other, one)) || inside.Exists(other => Same(other, one)));
            if (!isMeant && Form == HeaderProtectionForm.HeaderProtection)
            {
                yield return field.Name;
            }
        }
    }

    // HP-Outer: Name: value (RFC 9788 §2.2), folded wherever the sender liked.
    private IEnumerable<HeaderField> MeantOutside()
    {
        foreach (var field in payload.All(HeaderProtectionParameter.Outer))
        {
            var text = Encoding.Latin1.GetString(field.Unfolded);
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                yield return new HeaderField(text[..colon].Trim(' ', '\t'), text[(colon + 1)..]);
            }
        }
    }

    private static bool Same(HeaderField one, HeaderField other) =>
        one.Is(other.Name) && one.Unfolded.AsSpan().SequenceEqual(other.Unfolded);

    private static IEnumerable<HeaderField> Shown(HeaderBlock header) => header.Fields.Where(field =>
        field.Name.Length > 0 && !HeaderBlock.IsStructural(field.Name) && !field.Is(HeaderProtectionParameter.Outer));

    private static HeaderProtectionForm FormOf(HeaderBlock outer, HeaderBlock payload, HeaderBlock? wrapped)
    {
        if (ReferenceEquals(outer, payload))
        {
            return HeaderProtectionForm.None;
        }

        if (Parameter(payload, HeaderProtectionParameter.Name) is HeaderProtectionParameter.Clear or HeaderProtectionParameter.Cipher)
        {
            return HeaderProtectionForm.HeaderProtection;
        }

        if (Parameter(payload, HeaderProtectionParameter.OldName) == "v1")
        {
            return HeaderProtectionForm.ProtectedHeaders;
        }

        return wrapped is not null && IsSameMessage(outer, wrapped) ? HeaderProtectionForm.WrappedMessage : HeaderProtectionForm.None;
    }

    // RFC 9788 §4.10: a message in a message may as well be a forwarded one; the same identifier from the same sender says that it is not.
    private static bool IsSameMessage(HeaderBlock outer, HeaderBlock wrapped) =>
        wrapped.Single("Message-ID") is { } inside
        && outer.Single("Message-ID") is { } outside
        && Same(inside, outside)
        && FromField.Single(wrapped) is { } from
        && from == FromField.Single(outer);

    private static string? Parameter(HeaderBlock header, string name) =>
        header.Media.Type?.Parameters[name]?.ToLowerInvariant();
}
