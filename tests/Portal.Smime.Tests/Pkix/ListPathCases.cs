using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

/// <summary>Revocation lists: complete, partitioned, indirect, delta (RFC 5280 §5.2, §6.3).</summary>
internal static class ListPathCases
{
    private const int SomeReasons = (int)(ReasonFlags.KeyCompromise | ReasonFlags.CaCompromise);
    private const int OtherReasons = (int)(ReasonFlags.All & ~(ReasonFlags.KeyCompromise | ReasonFlags.CaCompromise));

    private static readonly Holder Root = Holder.Root("CN=Root");
    private static readonly Holder Issuing = Root.Authority("CN=Issuing");
    private static readonly Holder ListSigner = Root.Authority("CN=List Signer", draft => draft
        .Without(Oids.BasicConstraints)
        .With(ExtensionOf.Usage(X509KeyUsageFlags.CrlSign)));

    private static readonly byte[] RootList = new ListDraft(Root).Sign();
    private static readonly byte[] Here = NameOf.Location("http://pki.example.org/1.crl");
    private static readonly byte[] There = NameOf.Location("http://pki.example.org/2.crl");

    public static IEnumerable<PathCase> All() => [.. Complete(), .. Borrowed(), .. Partitioned(), .. OfReasons(), .. Indirect(), .. Delta()];

    private static IEnumerable<PathCase> Complete()
    {
        var person = Issuing.Person();
        yield return Case("A list that does not name it", person, new ListDraft(Issuing));
        yield return Case("A list that names it", person, new ListDraft(Issuing) { Entries = [ListDraft.Of(person, CrlReason.KeyCompromise)] }) with { IsRevoked = true };
        yield return Case("A list that names another", person, new ListDraft(Issuing) { Entries = [ListDraft.Of(Issuing)] });
        yield return Case("No list of its issuer", person) with { Failure = PathFailure.RevocationUnknown };
        yield return Case("A list that is over", person, new ListDraft(Issuing) { ThisUpdate = Pki.Now.AddDays(-9), NextUpdate = Pki.Now.AddDays(-1) }) with { Failure = PathFailure.RevocationUnknown };
        yield return Case("A list of another key", person, new ListDraft(Holder.Root("CN=Issuing"))) with { Failure = PathFailure.RevocationUnknown };
        yield return Case("A list under another name", person, new ListDraft(Issuing) { Issuer = new("CN=Other") }) with { Failure = PathFailure.RevocationUnknown };
        yield return Case("A list with something unknown and critical", person, new ListDraft(Issuing) { Further = [ExtensionOf.Unknown(critical: true)] }) with { Failure = PathFailure.RevocationUnknown };
        yield return Case("A list with something unknown", person, new ListDraft(Issuing) { Further = [ExtensionOf.Unknown(critical: false)] });
        yield return Case("An entry with something unknown and critical", person, new ListDraft(Issuing) { Entries = [ListDraft.Of(Issuing) with { Further = ExtensionOf.Unknown(critical: true) }] }) with
        {
            Failure = PathFailure.RevocationUnknown,
        };
        var silent = Root.Authority("CN=Silent", draft => draft.With(ExtensionOf.Usage(X509KeyUsageFlags.KeyCertSign)));
        var below = silent.Person();
        yield return Case("An issuer without cRLSign", below, new ListDraft(silent)) with { Between = [silent], Failure = PathFailure.RevocationUnknown };
        yield return new PathCase("A revoked authority", person.Certificate)
        {
            Anchors = [Root],
            Between = [Issuing],
            Lists = [new ListDraft(Root) { Entries = [ListDraft.Of(Issuing)] }.Sign(), new ListDraft(Issuing).Sign()],
            IsRevoked = true,
        };

        // The authority has a new key, certified by itself, and signs its lists with that.
        var renewed = Root.Authority("CN=Issuing");
        yield return Case("A list signed with the authority's new key", person, new ListDraft(renewed)) with { Between = [Issuing, renewed] };
        yield return Case("A list signed with the authority's new key, naming it", person, new ListDraft(renewed) { Entries = [ListDraft.Of(person)] }) with { Between = [Issuing, renewed], IsRevoked = true };
    }

    private static IEnumerable<PathCase> Borrowed()
    {
        var person = Issuing.Person();
        var rogue = Root.Authority("CN=Rogue");
        var borrowed = rogue.Authority("CN=Issuing");
        yield return Case("A list of another authority that borrows the name", person, new ListDraft(borrowed), new ListDraft(rogue)) with
        {
            Between = [Issuing, rogue, borrowed],
            Failure = PathFailure.RevocationUnknown,
            Difference = "RFC 5280 §8 warns of it; openssl takes every certificate of that name below the anchor",
        };
        var again = borrowed.Authority("CN=Issuing");
        yield return Case("A list of a borrower that has certified itself anew", person, new ListDraft(again), new ListDraft(borrowed), new ListDraft(rogue)) with
        {
            Between = [Issuing, rogue, borrowed, again],
            Failure = PathFailure.RevocationUnknown,
        };
        var renewed = Issuing.Authority("CN=Issuing");
        yield return Case("A list signed with a new key, which no list speaks of", person, new ListDraft(renewed)) with { Between = [Issuing, renewed], Failure = PathFailure.RevocationUnknown };
        yield return Case("A list signed with the old key, for a certificate of the new", renewed.Person(), new ListDraft(Issuing)) with { Between = [Issuing, renewed] };
    }

    private static IEnumerable<PathCase> Partitioned()
    {
        var person = Issuing.Person(draft => draft.With(ExtensionOf.DistributionPoints(([Here], null, null))));
        var other = Issuing.Person();
        yield return Case("The partition of its distribution point", person, new ListDraft(Issuing) { Points = [Here] });
        yield return Case("The partition names it", person, new ListDraft(Issuing) { Points = [Here], Entries = [ListDraft.Of(person)] }) with { IsRevoked = true };
        yield return Case("Another partition", person, new ListDraft(Issuing) { Points = [There] }) with { Failure = PathFailure.RevocationUnknown };
        yield return Case("One of the names of a partition", person, new ListDraft(Issuing) { Points = [There, Here] });
        yield return Case("A partition, and no distribution point", other, new ListDraft(Issuing) { Points = [Here] }) with { Failure = PathFailure.RevocationUnknown };
        yield return Case("Users' certificates only, and it is one", person, new ListDraft(Issuing) { OnlyUsers = true });
        yield return Case("Authorities' certificates only, and it is none", person, new ListDraft(Issuing) { OnlyAuthorities = true }) with { Failure = PathFailure.RevocationUnknown };
        yield return Case("Attribute certificates only", person, new ListDraft(Issuing) { OnlyAttributes = true }) with { Failure = PathFailure.RevocationUnknown };
        var users = new ListDraft(Root) { OnlyUsers = true }.Sign();
        var authorities = new ListDraft(Root) { OnlyAuthorities = true }.Sign();
        var own = new ListDraft(Issuing).Sign();
        yield return new PathCase("Users' certificates only, and it is an authority", other.Certificate) { Anchors = [Root], Between = [Issuing], Lists = [users, own], Failure = PathFailure.RevocationUnknown };
        yield return new PathCase("Authorities' certificates only, and it is one", other.Certificate) { Anchors = [Root], Between = [Issuing], Lists = [authorities, own] };
    }

    private static IEnumerable<PathCase> OfReasons()
    {
        var person = Issuing.Person(draft => draft.With(ExtensionOf.DistributionPoints(([Here], null, null))));
        var some = new ListDraft(Issuing) { Points = [Here], Reasons = SomeReasons };
        var rest = new ListDraft(Issuing) { Points = [Here], Reasons = OtherReasons };
        yield return Case("Some reasons only", person, some) with { Failure = PathFailure.RevocationUnknown };
        yield return Case("Some reasons, and the others", person, some, rest);
        yield return Case("Some reasons, and the others name it", person, some, rest with { Entries = [ListDraft.Of(person, CrlReason.Superseded)] }) with { IsRevoked = true };
        yield return Case("Some reasons name it", person, some with { Entries = [ListDraft.Of(person, CrlReason.KeyCompromise)] }, rest) with { IsRevoked = true };
    }

    private static IEnumerable<PathCase> Indirect()
    {
        var person = Issuing.Person(draft => draft.With(ExtensionOf.DistributionPoints(([Here], null, NameOf.Directory(ListSigner.Name)))));
        var direct = Issuing.Person();
        var list = new ListDraft(ListSigner) { Points = [Here], IsIndirect = true };
        PathCase With(string name, Holder target, params ListDraft[] lists) => Case(name, target, lists) with { Between = [Issuing, ListSigner] };
        yield return With("An indirect list", person, list);
        yield return With("An indirect list that names it", person, list with { Entries = [ListDraft.Of(person, issuer: Issuing.Name)] }) with { IsRevoked = true };
        yield return With("An indirect list that names the same number of another issuer", person, list with { Entries = [ListDraft.Of(person, issuer: Root.Name)] });
        yield return With("An indirect list whose second entry inherits the issuer", person, list with { Entries = [ListDraft.Of(Issuing, issuer: Issuing.Name), ListDraft.Of(person)] }) with { IsRevoked = true };
        yield return With("An indirect list of whom the certificate does not name", direct, list) with { Failure = PathFailure.RevocationUnknown };
        yield return With("A list of the third party that is not indirect", person, list with { IsIndirect = false }) with { Failure = PathFailure.RevocationUnknown };
        yield return Case("An indirect list whose signer is unknown", person, list) with { Failure = PathFailure.RevocationUnknown };
        var strange = Holder.Root("CN=List Signer");
        yield return Case("An indirect list whose signer is a stranger", person, new ListDraft(strange) { Points = [Here], IsIndirect = true }) with
        {
            Between = [Issuing, strange],
            Failure = PathFailure.RevocationUnknown,
        };
        var mute = Root.Authority("CN=List Signer", draft => draft.Without(Oids.BasicConstraints).With(ExtensionOf.Usage(X509KeyUsageFlags.DigitalSignature)));
        yield return Case("An indirect list whose signer may not", person, new ListDraft(mute) { Points = [Here], IsIndirect = true }) with
        {
            Between = [Issuing, mute],
            Failure = PathFailure.RevocationUnknown,
            Difference = "RFC 5280 §6.3.3 f: cRLSign; openssl 3.0 does not see the keyUsage of a signer that is not on the path",
        };
        yield return Case("A direct list whose entry names an issuer", direct, new ListDraft(Issuing) { Entries = [ListDraft.Of(person, issuer: Root.Name)] }) with
        {
            Failure = PathFailure.RevocationUnknown,
            Difference = "RFC 5280 §5.3.3: certificateIssuer is for indirect lists; openssl takes it anywhere",
        };
    }

    private static IEnumerable<PathCase> Delta()
    {
        var person = Issuing.Person(draft => draft.With(new X509Extension("2.5.29.46", ExtensionOf.DistributionPoints(([Here], null, null)).RawData, false)));
        var complete = new ListDraft(Issuing) { ThisUpdate = Pki.Now.AddDays(-2) };
        var delta = new ListDraft(Issuing) { Number = 7, BaseNumber = 5 };
        var hold = ListDraft.Of(person, CrlReason.CertificateHold);
        yield return Case("A delta without a complete list", person, delta) with { Failure = PathFailure.RevocationUnknown };
        yield return Case("A delta that says nothing", person, complete, delta);
        yield return Case("A delta that names it", person, complete, delta with { Entries = [ListDraft.Of(person, CrlReason.Superseded)] }) with { IsRevoked = true };
        yield return Case("A delta that lifts a hold", person, complete with { Entries = [hold] }, delta with { Entries = [ListDraft.Of(person, CrlReason.RemoveFromCrl)] });
        yield return Case("A hold that no delta lifts", person, complete with { Entries = [hold] }, delta) with { IsRevoked = true };
        yield return Case("A delta does not lift what is no hold", person, complete with { Entries = [ListDraft.Of(person, CrlReason.KeyCompromise)] }, delta with { Entries = [ListDraft.Of(person, CrlReason.RemoveFromCrl)] }) with
        {
            IsRevoked = true,
            Difference = "RFC 5280 §5.3.1: removeFromCRL is for holds; openssl takes it for anything",
        };
        var over = complete with { NextUpdate = Pki.Now.AddDays(-1) };
        yield return Case("A complete list that is over, and a delta that is not", person, over, delta);
        yield return Case("Both are over", person, over, delta with { ThisUpdate = Pki.Now.AddDays(-2), NextUpdate = Pki.Now.AddDays(-1) }) with { Failure = PathFailure.RevocationUnknown };
        yield return Case("A delta of a later list", person, over, delta with { BaseNumber = 6 }) with { Failure = PathFailure.RevocationUnknown };
        yield return Case("A delta that is older than the list", person, over with { Number = 9 }, delta) with { Failure = PathFailure.RevocationUnknown };
        yield return Case("A delta of another partition", person, over, delta with { Points = [There] }) with { Failure = PathFailure.RevocationUnknown };
    }

    private static PathCase Case(string name, Holder target, params ListDraft[] lists) => new(name, target.Certificate)
    {
        Anchors = [Root],
        Between = [Issuing],
        Lists = [RootList, .. lists.Select(list => list.Sign())],
    };
}
