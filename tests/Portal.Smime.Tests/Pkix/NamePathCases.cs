using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

/// <summary>Name constraints, form by form (RFC 5280 §4.2.1.10).</summary>
internal static class NamePathCases
{
    private static readonly Holder Root = Holder.Root("CN=Root, O=Example");

    public static IEnumerable<PathCase> All() => [.. Mailboxes(), .. Directories(), .. Others(), .. Combined()];

    private static IEnumerable<PathCase> Mailboxes()
    {
        yield return Permitted("A mailbox of the permitted host", NameOf.Mailbox("example.org"), NameOf.Mailbox("dora@example.org"));
        yield return Permitted("The host in another case", NameOf.Mailbox("EXAMPLE.org"), NameOf.Mailbox("dora@Example.ORG"));
        yield return Permitted("A mailbox below the permitted host", NameOf.Mailbox("example.org"), NameOf.Mailbox("dora@sub.example.org")) with { Failure = PathFailure.NameConstraints };
        yield return Permitted("A mailbox of another host", NameOf.Mailbox("example.org"), NameOf.Mailbox("dora@example.net")) with { Failure = PathFailure.NameConstraints };
        yield return Permitted("A host that only ends alike", NameOf.Mailbox("example.org"), NameOf.Mailbox("dora@evilexample.org")) with { Failure = PathFailure.NameConstraints };
        yield return Permitted("A mailbox below the permitted domain", NameOf.Mailbox(".example.org"), NameOf.Mailbox("dora@sub.example.org"));
        yield return Permitted("A mailbox of the domain's own host", NameOf.Mailbox(".example.org"), NameOf.Mailbox("dora@example.org")) with { Failure = PathFailure.NameConstraints };
        yield return Permitted("The permitted mailbox", NameOf.Mailbox("dora@example.org"), NameOf.Mailbox("dora@example.org"));
        yield return Permitted("Another mailbox", NameOf.Mailbox("dora@example.org"), NameOf.Mailbox("eve@example.org")) with { Failure = PathFailure.NameConstraints };
        yield return Permitted("The mailbox in another case", NameOf.Mailbox("dora@example.org"), NameOf.Mailbox("Dora@example.org")) with { Failure = PathFailure.NameConstraints };
        yield return Excluded("A mailbox of the excluded host", NameOf.Mailbox("example.org"), NameOf.Mailbox("dora@example.org")) with { Failure = PathFailure.NameConstraints };
        yield return Excluded("A mailbox that is not excluded", NameOf.Mailbox("example.net"), NameOf.Mailbox("dora@example.org"));
        yield return Excluded("A mailbox below the excluded domain", NameOf.Mailbox(".example.org"), NameOf.Mailbox("dora@sub.example.org")) with { Failure = PathFailure.NameConstraints };
        yield return Permitted("One good mailbox and one bad", NameOf.Mailbox("example.org"), NameOf.Mailbox("dora@example.org"), NameOf.Mailbox("dora@example.net")) with
        {
            Failure = PathFailure.NameConstraints,
        };
        yield return Permitted("A mailbox with NUL", NameOf.Mailbox("example.org"), NameOf.Mailbox("dora@example.net\0@example.org")) with { Failure = PathFailure.NameConstraints, Difference = "What is no mailbox is refused; openssl 3.0 takes the last @" };
        yield return Permitted("SmtpUTF8Mailbox of the permitted host", NameOf.Mailbox("example.org"), NameOf.SmtpUtf8("dörte@example.org"));
        yield return Permitted("SmtpUTF8Mailbox of another host", NameOf.Mailbox("example.org"), NameOf.SmtpUtf8("dörte@example.net")) with { Failure = PathFailure.NameConstraints };
        yield return Excluded("SmtpUTF8Mailbox of an excluded host", NameOf.Mailbox("example.org"), NameOf.SmtpUtf8("dörte@example.org")) with { Failure = PathFailure.NameConstraints };
        yield return Subject("emailAddress in the subject, permitted", NameOf.Mailbox("example.org"), "E=dora@example.org, CN=Dora");
        yield return Subject("emailAddress in the subject, not permitted", NameOf.Mailbox("example.org"), "E=dora@example.net, CN=Dora") with { Failure = PathFailure.NameConstraints };
    }

    private static IEnumerable<PathCase> Directories()
    {
        yield return Subject("A subject below the permitted name", NameOf.Directory("O=Example"), "CN=Dora, O=Example");
        yield return Subject("A subject in another case", NameOf.Directory("O=EXAMPLE"), "CN=Dora, O=example");
        yield return Subject("A subject elsewhere", NameOf.Directory("O=Example"), "CN=Dora, O=Other") with { Failure = PathFailure.NameConstraints };
        yield return Subject("An empty subject", NameOf.Directory("O=Example"), "");
        yield return Permitted("A directoryName among the names, elsewhere", NameOf.Directory("CN=Dora"), NameOf.Directory("O=Other")) with { Failure = PathFailure.NameConstraints };
        yield return With("An excluded subject", [], [NameOf.Directory("O=Bad")], "CN=Dora, O=Bad") with { Failure = PathFailure.NameConstraints };
        yield return With("A subject that is not excluded", [], [NameOf.Directory("O=Bad")], "CN=Dora, O=Good");
    }

    private static IEnumerable<PathCase> Others()
    {
        yield return Permitted("dNSName, the host itself", NameOf.Dns("example.org"), NameOf.Dns("example.org"));
        yield return Permitted("dNSName below", NameOf.Dns("example.org"), NameOf.Dns("a.b.example.org"));
        yield return Permitted("dNSName elsewhere", NameOf.Dns("example.org"), NameOf.Dns("evilexample.org")) with { Failure = PathFailure.NameConstraints };
        yield return Excluded("dNSName excluded", NameOf.Dns("example.org"), NameOf.Dns("a.example.org")) with { Failure = PathFailure.NameConstraints };
        yield return Excluded("dNSName, all excluded", NameOf.Dns(""), NameOf.Dns("a.example.org")) with { Failure = PathFailure.NameConstraints };
        yield return Permitted("URI of the host", NameOf.Location("example.org"), NameOf.Location("http://example.org/x"));
        yield return Permitted("URI below the domain", NameOf.Location(".example.org"), NameOf.Location("http://www.example.org:80/x"));
        yield return Permitted("URI elsewhere", NameOf.Location("example.org"), NameOf.Location("http://www.example.org/")) with { Failure = PathFailure.NameConstraints };
        yield return Permitted("URI without a host", NameOf.Location("example.org"), NameOf.Location("urn:example.org")) with { Failure = PathFailure.NameConstraints };
        yield return Excluded("URI excluded", NameOf.Location("example.org"), NameOf.Location("ldap://example.org/cn=x")) with { Failure = PathFailure.NameConstraints };
        yield return Permitted("iPAddress in the network", NameOf.Network("10.1.0.0", "255.255.0.0"), NameOf.Address("10.1.2.3"));
        yield return Permitted("iPAddress elsewhere", NameOf.Network("10.1.0.0", "255.255.0.0"), NameOf.Address("10.2.2.3")) with { Failure = PathFailure.NameConstraints };
        yield return Permitted("iPAddress of the other version", NameOf.Network("10.1.0.0", "255.255.0.0"), NameOf.Address("2001:db8::1")) with { Failure = PathFailure.NameConstraints };
        yield return Permitted("iPAddress of version 6", NameOf.Network("2001:db8::", "ffff:ffff::"), NameOf.Address("2001:db8::1"));
        yield return Permitted("otherName under a constraint of its kind", NameOf.Other("1.3.6.1.4.1.311.20.2.3", "x"), NameOf.Other("1.3.6.1.4.1.311.20.2.3", "x")) with { Failure = PathFailure.NameConstraints };
        yield return Permitted("otherName under a constraint of mailboxes", NameOf.Mailbox("example.org"), NameOf.Other("1.3.6.1.4.1.311.20.2.3", "x"));
        yield return Permitted("A form that is not constrained", NameOf.Dns("example.org"), NameOf.Mailbox("dora@example.net"));
    }

    private static IEnumerable<PathCase> Combined()
    {
        var outer = Root.Authority("CN=Outer", draft => draft.With(ExtensionOf.Permitted(NameOf.Mailbox(".example.org"))));
        var inner = outer.Authority("CN=Inner", draft => draft.With(ExtensionOf.Permitted(NameOf.Mailbox("a.example.org"), NameOf.Mailbox("b.example.net"))));
        yield return Below("Within both", inner, "dora@a.example.org", outer);
        yield return Below("Within the inner only", inner, "dora@b.example.net", outer) with { Failure = PathFailure.NameConstraints };
        yield return Below("Within the outer only", inner, "dora@c.example.org", outer) with { Failure = PathFailure.NameConstraints };
        var mixed = Root.Authority("CN=Mixed", draft => draft.With(ExtensionOf.Constraints([NameOf.Mailbox(".example.org")], [NameOf.Mailbox("bad.example.org")])));
        yield return Below("Permitted and excluded", mixed, "dora@bad.example.org") with { Failure = PathFailure.NameConstraints };
        yield return Below("Permitted and not excluded", mixed, "dora@good.example.org");
        var minimum = Root.Authority("CN=Minimum", draft => draft.With(ExtensionOf.Constraints([NameOf.Mailbox("example.org")], [], minimum: 1)));
        yield return Below("A minimum that is not 0", minimum, "dora@example.org") with { Failure = PathFailure.NameConstraints };
        var soft = Root.Authority("CN=Soft", draft => draft.With(ExtensionOf.Constraints([NameOf.Mailbox("example.net")], [], critical: false)));
        yield return Below("Constraints that are not critical", soft, "dora@example.org") with { Failure = PathFailure.NameConstraints };
        var anchor = Holder.Root("CN=Bound", draft => draft.With(ExtensionOf.Permitted(NameOf.Mailbox("example.net"))));
        yield return Below("Constraints of the anchor", anchor.Authority("CN=Free"), "dora@example.org") with { Anchors = [anchor], Failure = PathFailure.NameConstraints };

        // The second of the same name is no subject of the first one's constraints; a person of that name is.
        var own = Root.Authority("CN=Self, O=Own", draft => draft.With(ExtensionOf.Permitted(NameOf.Directory("O=People"))));
        var again = own.Authority("CN=Self, O=Own");
        yield return new PathCase("A self-issued authority is exempt", again.Person(name: "CN=Dora, O=People").Certificate) { Anchors = [Root], Between = [own, again] };
        yield return new PathCase("A self-issued certificate is not exempt", again.Person(name: "CN=Self, O=Own").Certificate) { Anchors = [Root], Between = [own, again], Failure = PathFailure.NameConstraints };
    }

    private static PathCase Permitted(string name, byte[] constraint, params byte[][] names) => Case(name, [constraint], [], "CN=Dora", names);

    private static PathCase Excluded(string name, byte[] constraint, params byte[][] names) => Case(name, [], [constraint], "CN=Dora", names);

    private static PathCase Subject(string name, byte[] constraint, string subject) => With(name, [constraint], [], subject);

    private static PathCase With(string name, byte[][] permitted, byte[][] excluded, string subject) => Case(name, permitted, excluded, subject, [NameOf.Mailbox("dora@example.org")]);

    private static PathCase Case(string name, byte[][] permitted, byte[][] excluded, string subject, byte[][] names)
    {
        var authority = Root.Authority("CN=Constrained, O=Example", draft => draft.With(ExtensionOf.Constraints(permitted, excluded)));
        var person = authority.Person(draft => draft.With(ExtensionOf.AltName(names)), subject);
        return new PathCase(name, person.Certificate) { Anchors = [Root], Between = [authority] };
    }

    private static PathCase Below(string name, Holder authority, string address, params Holder[] above)
    {
        var person = authority.Person(draft => draft.With(ExtensionOf.AltName(NameOf.Mailbox(address))));
        return new PathCase(name, person.Certificate) { Anchors = [Root], Between = [authority, .. above] };
    }
}
