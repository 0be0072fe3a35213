using System.Text;

namespace Portal.Smime.Mime;

/// <summary>Puts a message's header into the entity that is to be signed and encrypted (RFC 9788 §5.2).</summary>
public static class ProtectedEntity
{
    /// <summary>RFC 2045 §5.2: what says nothing, or nothing that can be understood, is plain text.</summary>
    private const string PlainText = " text/plain; charset=us-ascii";

    /// <param name="entity">A MIME entity, seekable; not disposed.</param>
    /// <param name="header">The message's own fields, without structural ones and without Bcc.</param>
    /// <param name="outside">What an encrypted message shows of it outside (<see cref="HeaderConfidentiality"/>); null for one that is only signed.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Reads the entity with the header in it.</returns>
    public static async Task<Stream> OpenAsync(
        Stream entity,
        IReadOnlyList<HeaderField> header,
        IReadOnlyList<HeaderField>? outside,
        CancellationToken cancellationToken)
    {
        var own = await HeaderBlock.ReadAsync(entity, OpeningLimits.Default, cancellationToken);
        var protection = outside is null ? HeaderProtectionParameter.Clear : HeaderProtectionParameter.Cipher;
        var fields = header.Where(field => !HeaderBlock.IsStructural(field.Name))
            .Concat((outside ?? []).Where(field => !HeaderBlock.IsStructural(field.Name))
                .Select(field => new HeaderField(HeaderProtectionParameter.Outer, $" {field.Name}:{field.Value}")))
            .Concat(WithParameter(own.Fields, protection));
        var head = string.Concat(fields.Select(field => $"{field.Name}:{field.Value}\r\n")) + "\r\n";
        return new PrefixedStream(Encoding.Latin1.GetBytes(head), new RangeStream(entity, own.BodyOffset, Math.Max(0, entity.Length - own.BodyOffset)));
    }

    private static IEnumerable<HeaderField> WithParameter(IReadOnlyList<HeaderField> own, string protection)
    {
        var type = own.FirstOrDefault(field => field.Is("Content-Type"));
        return type is null ? [new HeaderField("Content-Type", WithParameter(PlainText, protection)), .. own]
            : own.Select(field => ReferenceEquals(field, type) ? field with { Value = WithParameter(type.Value, protection) } : field);
    }

    private static string WithParameter(string value, string protection)
    {
        // Of a value that does not end where it seems to, such as in a quote that was never closed, what was understood is written anew.
        var added = Add(value);
        return EntityMedia.Parse(added)?.Parameters[HeaderProtectionParameter.Name] == protection ? added : Add(EntityMedia.Parse(value) is { } type ? Encode(type) : PlainText);

        string Add(string to) => $"{to.TrimEnd(' ', '\t', '\r', '\n', ';')};\r\n {HeaderProtectionParameter.Name}=\"{protection}\"";
    }

    private static string Encode(MimeKit.ContentType type) => type.ToString(Encoding.UTF8, encode: true)["Content-Type:".Length..].ReplaceLineEndings("\r\n");
}
