using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

/// <summary>Signatures, validity, chaining of names, authorities, usages, extensions: the first sections of NIST's PKITS.</summary>
internal static class BasicPathCases
{
    private static readonly PathRequirements AnyPurpose = new() { Purpose = PathPurpose.Any };
    private static readonly Holder Root = Holder.Root("CN=Root");
    private static readonly Holder Issuing = Root.Authority("CN=Issuing");

    public static IEnumerable<PathCase> All() => [.. Signatures(), .. Validities(), .. Names(), .. Authorities(), .. PathLengths(), .. Extensions(), .. Rollovers()];

    private static IEnumerable<PathCase> Signatures()
    {
        yield return Case("A good path", Issuing.Person());
        yield return Case("A certificate directly below the anchor", Root.Person());
        yield return Case("The anchor itself", Root) with { Requirements = AnyPurpose };
        yield return Case("A broken signature", Issuing.Person(draft => draft.IsSignatureBroken = true)) with { Failure = PathFailure.SignatureBroken };
        var broken = Root.Authority("CN=Broken", draft => draft.IsSignatureBroken = true);
        yield return Case("A broken signature above", broken.Person(), broken) with { Failure = PathFailure.SignatureBroken };
        yield return Case("One algorithm inside and another outside", Issuing.Person(draft => draft.IsAlgorithmContradicted = true)) with { Failure = PathFailure.Malformed };
        var impostor = Holder.Root("CN=Root");
        yield return Case("Another key of the right name", impostor.Person()) with { Failure = PathFailure.UnknownAuthority };
        yield return Case("Another key of the right name, not identified", impostor.Person(draft => draft.HasKeyIdentifiers = false)) with { Failure = PathFailure.SignatureBroken };
        yield return Case("SHA-1", Issuing.Person(draft => draft.Hash = HashAlgorithmName.SHA1)) with { Failure = PathFailure.WeakAlgorithm };
        var old = Root.Authority("CN=Old", draft => draft.Hash = HashAlgorithmName.SHA1);
        yield return Case("SHA-1 above", old.Person(), old) with { Failure = PathFailure.WeakAlgorithm };
        using var small = RSA.Create(1024);
        yield return Case("A short key", Issuing.Person(draft => draft.PublicKey = small.ExportSubjectPublicKeyInfo())) with { Failure = PathFailure.WeakAlgorithm };
        var selfSigned = Holder.Root("CN=Root", draft => draft.Hash = HashAlgorithmName.SHA1);
        yield return Case("An anchor signed with SHA-1", selfSigned.Person()) with { Anchors = [selfSigned] };
        var unsigned = Holder.Root("CN=Root", draft => draft.IsSignatureBroken = true);
        yield return Case("An anchor whose signature is broken", unsigned.Person()) with { Anchors = [unsigned] };
    }

    private static IEnumerable<PathCase> Validities()
    {
        yield return Case("Expired", Issuing.Person(draft => draft.NotAfter = Pki.Now.AddDays(-1))) with { Failure = PathFailure.Expired };
        yield return Case("Not valid yet", Issuing.Person(draft => draft.NotBefore = Pki.Now.AddDays(1))) with { Failure = PathFailure.NotYetValid };
        var expired = Root.Authority("CN=Expired", draft => draft.NotAfter = Pki.Now.AddDays(-1));
        yield return Case("Expired above", expired.Person(), expired) with { Failure = PathFailure.Expired };
        var future = Root.Authority("CN=Future", draft => draft.NotBefore = Pki.Now.AddDays(1));
        yield return Case("Not valid yet above", future.Person(), future) with { Failure = PathFailure.NotYetValid };
        var ended = Holder.Root("CN=Root", draft => draft.NotAfter = Pki.Now.AddDays(-1));
        yield return Case("An anchor that has expired", ended.Person()) with { Anchors = [ended], Failure = PathFailure.Expired };
        yield return Case("The first second", Issuing.Person(draft => draft.NotBefore = Pki.Now));
        yield return Case("The last second", Issuing.Person(draft => draft.NotAfter = Pki.Now)) with { Difference = "RFC 5280 §4.1.2.5: through notAfter, inclusive" };
        yield return Case("Beyond 2049", Issuing.Person(draft => draft.NotAfter = new DateTimeOffset(2060, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        yield return Case("At another time", Issuing.Person(draft => (draft.NotBefore, draft.NotAfter) = (Pki.Now.AddDays(-90), Pki.Now.AddDays(-60)))) with { At = Pki.Now.AddDays(-70) };
    }

    private static IEnumerable<PathCase> Names()
    {
        yield return Case("A stranger", Holder.Root("CN=Stranger").Person()) with { Failure = PathFailure.UnknownAuthority };
        yield return Case("An issuer whose name is another", Issuing.Person(draft => draft.Issuer = new("CN=Somebody"))) with { Failure = PathFailure.UnknownAuthority };
        yield return Case("Order of names", Issuing.Person(draft => draft.Issuer = new("O=Org, CN=Issuing"))) with { Failure = PathFailure.UnknownAuthority };
        yield return Case("Names that differ in case", Issuing.Person(draft => draft.Issuer = new("CN=ISSUING")));
        yield return Case("Names that differ in white space", Root.Authority("CN=Two Words") is var two ? two.Person(draft => draft.Issuer = Named("  two   words ")) : two, two);
        yield return Case("Names in another kind of string", Issuing.Person(draft => draft.Issuer = Named("Issuing", UniversalTagNumber.PrintableString)));
    }

    private static IEnumerable<PathCase> Authorities()
    {
        var person = Issuing.Person(name: "CN=Person");
        yield return Case("A person who issues", person.Person(), Issuing, person) with { Failure = PathFailure.NotAnAuthority };
        var without = Root.Authority("CN=Without", draft => draft.Without(Oids.BasicConstraints));
        yield return Case("No basicConstraints", without.Person(), without) with { Failure = PathFailure.NotAnAuthority };
        var bare = Root.Authority("CN=Bare", draft => draft.Without(Oids.BasicConstraints).Without(Oids.KeyUsage));
        yield return Case("Neither basicConstraints nor keyUsage", bare.Person(), bare) with { Failure = PathFailure.NotAnAuthority };
        var lists = Root.Authority("CN=Lists", draft => draft.With(ExtensionOf.Usage(X509KeyUsageFlags.CrlSign)));
        yield return Case("No keyCertSign", lists.Person(), lists) with { Failure = PathFailure.NotAnAuthority };
        var silent = Root.Authority("CN=Silent", draft => draft.Without(Oids.KeyUsage));
        yield return Case("An authority without keyUsage", silent.Person(), silent);
        var first = Root.Authority("CN=First", draft => { draft.Version = 0; draft.Extensions.Clear(); });
        yield return Case("An authority of version 1", first.Person(), first) with { Failure = PathFailure.NotAnAuthority };
        var ancient = Holder.Root("CN=Ancient", draft => { draft.Version = 0; draft.Extensions.Clear(); });
        yield return Case("An anchor of version 1", ancient.Person()) with { Anchors = [ancient] };
        var servers = Root.Authority("CN=Servers", draft => draft.With(ExtensionOf.Purposes("1.3.6.1.5.5.7.3.1")));
        yield return Case("An authority for servers", servers.Person(), servers) with { Failure = PathFailure.WrongUsage };
        yield return Case("An authority for servers, and any purpose", servers.Person(), servers) with { Requirements = AnyPurpose };
        var mail = Root.Authority("CN=Mail", draft => draft.With(ExtensionOf.Purposes("1.3.6.1.5.5.7.3.1", Oids.EmailProtection)));
        yield return Case("An authority for mail among others", mail.Person(), mail);
        yield return Case("A certificate for servers", Issuing.Person(draft => draft.With(ExtensionOf.Purposes("1.3.6.1.5.5.7.3.1")))) with { Failure = PathFailure.WrongUsage };
        yield return Case("A certificate for anything", Issuing.Person(draft => draft.With(ExtensionOf.Purposes(Oids.AnyExtendedKeyUsage)))) with
        {
            Difference = "RFC 5280 §4.2.1.12: anyExtendedKeyUsage includes mail; openssl wants it by name",
        };
        yield return Case("A certificate without purposes", Issuing.Person(draft => draft.Without(Oids.ExtendedKeyUsage)));
    }

    private static IEnumerable<PathCase> PathLengths()
    {
        var zero = Root.Authority("CN=Zero", draft => draft.With(ExtensionOf.Authority(0)));
        yield return Case("pathLen 0 and a person", zero.Person(), zero);
        var below = zero.Authority("CN=Below");
        yield return Case("pathLen 0 and an authority below", below.Person(), zero, below) with { Failure = PathFailure.PathLength };
        yield return Case("pathLen 0 and an authority as the certificate", below, zero) with { Requirements = AnyPurpose };
        var again = zero.Authority("CN=Zero");
        yield return Case("pathLen 0 and the same authority again", again.Person(), zero, again);
        var after = again.Authority("CN=After");
        yield return Case("pathLen 0, the same again, and one more", after.Person(), zero, again, after) with { Failure = PathFailure.PathLength };
        var one = Root.Authority("CN=One", draft => draft.With(ExtensionOf.Authority(1)));
        var wide = one.Authority("CN=Wide", draft => draft.With(ExtensionOf.Authority(5)));
        var wider = wide.Authority("CN=Wider");
        yield return Case("pathLen 1 is kept", wide.Person(), one, wide);
        yield return Case("pathLen 1 is not widened below", wider.Person(), one, wide, wider) with { Failure = PathFailure.PathLength };
        var narrow = Holder.Root("CN=Narrow", draft => draft.With(ExtensionOf.Authority(0)));
        var under = narrow.Authority("CN=Under");
        yield return Case("pathLen of the anchor", under.Person(), under) with { Anchors = [narrow], Failure = PathFailure.PathLength };
        var chain = new List<Holder> { Root.Authority("CN=Link 0") };
        while (chain.Count < 10)
        {
            chain.Add(chain[^1].Authority($"CN=Link {chain.Count}"));
        }

        yield return Case("A path of twelve", chain[^1].Person(), [.. chain]);
        chain.Add(chain[^1].Authority("CN=Link 10"));
        yield return Case("A path of thirteen", chain[^1].Person(), [.. chain]) with { Failure = PathFailure.TooComplex, Difference = "Ours ends at twelve" };
    }

    private static IEnumerable<PathCase> Extensions()
    {
        yield return Case("Unknown and critical", Issuing.Person(draft => draft.With(ExtensionOf.Unknown(critical: true)))) with { Failure = PathFailure.CriticalExtension };
        yield return Case("Unknown and not critical", Issuing.Person(draft => draft.With(ExtensionOf.Unknown(critical: false))));
        var odd = Root.Authority("CN=Odd", draft => draft.With(ExtensionOf.Unknown(critical: true)));
        yield return Case("Unknown and critical above", odd.Person(), odd) with { Failure = PathFailure.CriticalExtension };
        yield return Case("An extension twice", Issuing.Person(draft => draft.Extensions.Add(ExtensionOf.AltName(NameOf.Mailbox("eve@example.org"))))) with
        {
            Failure = PathFailure.Malformed,
        };
        yield return Case("A malformed extension", Issuing.Person(draft => draft.With(new X509Extension(Oids.NameConstraints, [0x13, 0x01, 0x00], false)))) with
        {
            Failure = PathFailure.Malformed,
        };
        var vague = Root.Authority("CN=Vague", draft => draft.With(new X509Extension(Oids.PolicyConstraints, [0x30, 0x00], true)));
        yield return Case("Constraints without any", vague.Person(), vague) with { Failure = PathFailure.Malformed };
    }

    private static IEnumerable<PathCase> Rollovers()
    {
        var old = Holder.Root("CN=Rolling");
        var renewed = Holder.Root("CN=Rolling");
        var newWithOld = old.Certify(renewed);
        yield return Case("A new key certified by the old", renewed.Person(), newWithOld) with { Anchors = [old] };
        var oldWithNew = renewed.Certify(old);
        yield return Case("An old key certified by the new", old.Person(), oldWithNew) with { Anchors = [renewed] };
        yield return Case("Two keys that certify each other, and no anchor", renewed.Person(), newWithOld, oldWithNew) with { Failure = PathFailure.UnknownAuthority };
        var other = Holder.Root("CN=Other Root");
        var cross = other.Certify(Issuing);
        yield return Case("A cross-certificate leads to the other root", Issuing.Person(), Issuing, cross) with
        {
            Anchors = [other],
            Difference = "Every path is tried; openssl keeps to the first certificate that fits, and finds that it leads nowhere",
        };
        var expired = other.Certify(Issuing, draft => draft.NotAfter = Pki.Now.AddDays(-1));
        yield return Case("One of two paths has expired", Issuing.Person(), expired, Issuing) with { Anchors = [other, Root] };
    }

    private static PathCase Case(string name, Holder target, params Holder[] between) =>
        new(name, target.Certificate) { Anchors = [Root], Between = between.Length > 0 ? between : [Issuing] };

    private static X500DistinguishedName Named(string text, UniversalTagNumber type = UniversalTagNumber.UTF8String)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.Add(new Oid("2.5.4.3"), text, type);
        return builder.Build();
    }
}
