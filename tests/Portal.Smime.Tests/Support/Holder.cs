using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Smime.Tests.Support;

/// <summary>A certificate with its key, which certifies others, allowed or not.</summary>
internal sealed record Holder(X509Certificate2 Certificate, ECDsa Key)
{
    public IssuingAuthority Issuing => new(Certificate, new TestKey(Key), SignatureScheme.EcdsaSha256);

    public X500DistinguishedName Name => Certificate.SubjectName;

    public static Holder Root(string name, Action<Draft>? change = null)
    {
        var draft = AuthorityDraft(name);
        change?.Invoke(draft);
        return new Holder(draft.Sign(draft.Subject, draft.Key), draft.Key);
    }

    public Holder Authority(string name, Action<Draft>? change = null)
    {
        var draft = AuthorityDraft(name);
        return Issue(draft, change);
    }

    public Holder Person(Action<Draft>? change = null, string name = "CN=Dora")
    {
        var draft = new Draft(new X500DistinguishedName(name));
        draft.With(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        draft.With(ExtensionOf.Usage(X509KeyUsageFlags.DigitalSignature));
        draft.With(ExtensionOf.Purposes(Oids.EmailProtection));
        draft.With(ExtensionOf.AltName(NameOf.Mailbox("dora@example.org")));
        return Issue(draft, change);
    }

    /// <summary>Another certificate for a key that has one, by this authority.</summary>
    public Holder Certify(Holder other, Action<Draft>? change = null) => Issue(Again(other), change);

    private static Draft Again(Holder other)
    {
        var draft = AuthorityDraft("CN=Overwritten");
        (draft.Subject, draft.Key) = (other.Name, other.Key);
        return draft;
    }

    private static Draft AuthorityDraft(string name)
    {
        var draft = new Draft(new X500DistinguishedName(name)) { NotBefore = Pki.Now.AddYears(-2), NotAfter = Pki.Now.AddYears(9) };
        return draft.With(ExtensionOf.Authority()).With(ExtensionOf.Usage(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign));
    }

    private Holder Issue(Draft draft, Action<Draft>? change)
    {
        change?.Invoke(draft);
        return new Holder(draft.Sign(Name, Key), draft.Key);
    }
}
