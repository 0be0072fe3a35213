namespace Portal.Smime.Pkix;

internal enum SubtreeOutcome
{
    Inside,
    Outside,

    /// <summary>The constraint or the name is of a kind that we cannot compare.</summary>
    Unsupported,
}

/// <summary>Whether a name lies in a subtree, form by form (RFC 5280 §4.2.1.10, RFC 9598 §6).</summary>
internal static class SubtreeMatch
{
    /// <summary>A constraint concerns the names of its own form; rfc822Name concerns SmtpUTF8Mailbox too.</summary>
    public static bool Concerns(GeneralSubtree subtree, GeneralName name) =>
        subtree.Base.Form == name.Form
            ? subtree.Base.OtherType == name.OtherType
            : subtree.Base.Form == GeneralNameForm.Rfc822Name && name.IsSmtpUtf8Mailbox;

    public static SubtreeOutcome Test(GeneralSubtree subtree, GeneralName name)
    {
        if (!subtree.IsPlain)
        {
            return SubtreeOutcome.Unsupported;
        }

        return subtree.Base.Form switch
        {
            GeneralNameForm.Rfc822Name => Mailbox(subtree.Base.Text, name.Text),
            GeneralNameForm.DnsName => Dns(subtree.Base.Text, name.Text),
            GeneralNameForm.DirectoryName => Directory(subtree.Base.Directory!, name.Directory!),
            GeneralNameForm.UniformResourceIdentifier => Location(subtree.Base.Text, name.Text),
            GeneralNameForm.IpAddress => Address(subtree.Base.Value.Span, name.Value.Span),
            GeneralNameForm.OtherName or GeneralNameForm.X400Address or GeneralNameForm.EdiPartyName or GeneralNameForm.RegisteredId =>
                SubtreeOutcome.Unsupported,
        };
    }

    // One mailbox, all mailboxes of a host, or those of all hosts below a domain.
    private static SubtreeOutcome Mailbox(string subtree, string name)
    {
        if (!AddrSpec.TryParse(name, out var address))
        {
            return SubtreeOutcome.Unsupported;
        }

        if (subtree.Contains('@', StringComparison.Ordinal))
        {
            return AddrSpec.TryParse(subtree, out var mailbox) ? Outcome(address == mailbox) : SubtreeOutcome.Unsupported;
        }

        return Host(subtree, address.Domain);
    }

    private static SubtreeOutcome Host(string subtree, string host)
    {
        var isDomain = subtree.StartsWith('.');
        if (!AddrSpec.TryNormaliseDomain(isDomain ? subtree[1..] : subtree, out var domain))
        {
            return SubtreeOutcome.Unsupported;
        }

        return Outcome(isDomain ? IsBelow(host, domain) : host == domain);
    }

    private static SubtreeOutcome Dns(string subtree, string name)
    {
        var lower = name.ToLowerInvariant();
        if (lower.Length == 0 || lower[^1] == '.' || !System.Text.Ascii.IsValid(lower))
        {
            return SubtreeOutcome.Unsupported;
        }

        var domain = subtree.ToLowerInvariant();
        return domain.StartsWith('.')
            ? Outcome(IsBelow(lower, domain[1..]))
            : Outcome(domain.Length == 0 || lower == domain || IsBelow(lower, domain));
    }

    private static SubtreeOutcome Directory(DistinguishedName subtree, DistinguishedName name) =>
        subtree.IsReadable && name.IsReadable ? Outcome(name.IsWithin(subtree)) : SubtreeOutcome.Unsupported;

    // The host of the authority part; a location without one, or with an address in its place, is refused.
    private static SubtreeOutcome Location(string subtree, string name)
    {
        var start = name.IndexOf("://", StringComparison.Ordinal);
        if (start < 1)
        {
            return SubtreeOutcome.Unsupported;
        }

        var authority = name[(start + 3)..];
        var end = authority.AsSpan().IndexOfAny("/?#\\");
        authority = end < 0 ? authority : authority[..end];
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        var colon = authority.IndexOf(':', StringComparison.Ordinal);
        var host = colon < 0 ? authority : authority[..colon];
        return AddrSpec.TryNormaliseDomain(host, out var normal) && !System.Net.IPAddress.TryParse(normal, out _)
            ? Host(subtree, normal)
            : SubtreeOutcome.Unsupported;
    }

    // Address and mask; a network of version 4 holds no address of version 6.
    private static SubtreeOutcome Address(ReadOnlySpan<byte> subtree, ReadOnlySpan<byte> name)
    {
        if (subtree.Length is not (8 or 32) || name.Length is not (4 or 16))
        {
            return SubtreeOutcome.Unsupported;
        }

        if (subtree.Length != 2 * name.Length)
        {
            return SubtreeOutcome.Outside;
        }

        for (var index = 0; index < name.Length; index++)
        {
            if (((subtree[index] ^ name[index]) & subtree[name.Length + index]) != 0)
            {
                return SubtreeOutcome.Outside;
            }
        }

        return SubtreeOutcome.Inside;
    }

    private static bool IsBelow(string host, string domain) =>
        host.Length > domain.Length + 1 && host[^(domain.Length + 1)] == '.' && host.EndsWith(domain, StringComparison.Ordinal);

    private static SubtreeOutcome Outcome(bool inside) => inside ? SubtreeOutcome.Inside : SubtreeOutcome.Outside;
}
