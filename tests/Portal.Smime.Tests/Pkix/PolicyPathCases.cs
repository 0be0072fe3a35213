using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

/// <summary>Policies, mappings and what inhibits them (RFC 5280 §6.1, RFC 9618).</summary>
internal static class PolicyPathCases
{
    private const string One = "1.3.6.1.4.1.99999.7.1";
    private const string Two = "1.3.6.1.4.1.99999.7.2";
    private const string Three = "1.3.6.1.4.1.99999.7.3";

    private static readonly Holder Root = Holder.Root("CN=Root");
    private static readonly PathRequirements Explicit = new() { RequireExplicitPolicy = true };

    public static IEnumerable<PathCase> All() => [.. Plain(), .. Required(), .. Mapped(), .. Any()];

    private static IEnumerable<PathCase> Plain()
    {
        yield return Case("The same policy everywhere", Explicit, [P(One)], [P(One)]);
        yield return Case("No policy anywhere", PathRequirements.Mail, [], []);
        yield return Case("No policy, one required", Explicit, [], []) with { Failure = PathFailure.Policy };
        yield return Case("A policy lost above", Explicit, [], [P(One)]) with { Failure = PathFailure.Policy };
        yield return Case("A policy lost below", Explicit, [P(One)], []) with { Failure = PathFailure.Policy };
        yield return Case("Another policy below", Explicit, [P(One)], [P(Two)]) with { Failure = PathFailure.Policy };
        yield return Case("The policy that is asked for", Asking(One), [P(One, Two)], [P(One, Two)]);
        yield return Case("A policy that is not asked for", Asking(Three), [P(One, Two)], [P(One, Two)]) with { Failure = PathFailure.Policy };
        yield return Case("One of those that are asked for", Asking(Three, Two), [P(One, Two)], [P(Two)]);
        yield return Case("Another policy, and none required", PathRequirements.Mail with { Policies = [Three] }, [P(One)], [P(One)]);
    }

    private static IEnumerable<PathCase> Required()
    {
        yield return Case("An authority requires a policy, and has none", PathRequirements.Mail, [ExtensionOf.PolicyConstraints(0, null)], []) with { Failure = PathFailure.Policy };
        yield return Case("An authority requires a policy, and there is one", PathRequirements.Mail, [P(One), ExtensionOf.PolicyConstraints(0, null)], [P(One)]);
        yield return Case("An authority requires a policy of what is below", PathRequirements.Mail, [P(One), ExtensionOf.PolicyConstraints(1, null)], []) with { Failure = PathFailure.Policy };
        yield return Case("An authority requires a policy far below", PathRequirements.Mail, [P(One), ExtensionOf.PolicyConstraints(5, null)], []);
        yield return Case("The certificate itself requires a policy", PathRequirements.Mail, [], [ExtensionOf.PolicyConstraints(0, null)]) with { Failure = PathFailure.Policy };
    }

    private static IEnumerable<PathCase> Mapped()
    {
        var map = ExtensionOf.Mappings((One, Two));
        yield return Case("A policy that is mapped", Asking(One), [P(One), map], [P(Two)]);
        yield return Case("A policy under its old name", Explicit, [P(One), map], [P(One)]) with { Failure = PathFailure.Policy };
        yield return Case("A mapped policy, asked for by the new name", Asking(Two), [P(One), map], [P(Two)]) with { Failure = PathFailure.Policy };
        yield return Case("Mapping inhibited", Asking(One) with { InhibitPolicyMapping = true }, [P(One), map], [P(Two)]) with { Failure = PathFailure.Policy };
        yield return Case("Mapping inhibited, another policy stays", Explicit with { InhibitPolicyMapping = true }, [P(One, Three), map], [P(Three)]);
        yield return Case("One policy mapped to two", Asking(One), [P(One), ExtensionOf.Mappings((One, Two), (One, Three))], [P(Three)]);
        yield return Case("Two policies mapped to one", Asking(One), [P(One, Two), ExtensionOf.Mappings((One, Three), (Two, Three))], [P(Three)]);
        yield return Case("anyPolicy mapped", PathRequirements.Mail with { Policies = [One] }, [P(One), ExtensionOf.Mappings((Oids.AnyPolicy, Two))], [P(Two)]) with { Failure = PathFailure.Policy };
        yield return Case("Mapped to anyPolicy", PathRequirements.Mail with { Policies = [One] }, [P(One), ExtensionOf.Mappings((One, Oids.AnyPolicy))], [P(Two)]) with { Failure = PathFailure.Policy };
        yield return Case("A mapping out of anyPolicy", Asking(One), [P(Oids.AnyPolicy), map], [P(Two)]);
        yield return Deep("Mapping inhibited by the authority above", Explicit, [P(One), ExtensionOf.PolicyConstraints(null, 0)], [P(One), map], [P(Two)]) with { Failure = PathFailure.Policy };
        yield return Deep("Mapping inhibited only below", Explicit, [P(One), ExtensionOf.PolicyConstraints(null, 1)], [P(One), map], [P(Two)]);
        yield return Deep("Mapped twice", Asking(One), [P(One), map], [P(Two), ExtensionOf.Mappings((Two, Three))], [P(Three)]);
    }

    private static IEnumerable<PathCase> Any()
    {
        yield return Case("anyPolicy above", Asking(One), [P(Oids.AnyPolicy)], [P(One)]);
        yield return Case("anyPolicy below", Asking(One), [P(One)], [P(Oids.AnyPolicy)]);
        yield return Case("anyPolicy everywhere", Asking(One), [P(Oids.AnyPolicy)], [P(Oids.AnyPolicy)]);
        yield return Case("anyPolicy inhibited above", Asking(One) with { InhibitAnyPolicy = true }, [P(Oids.AnyPolicy)], [P(One)]) with { Failure = PathFailure.Policy };
        yield return Case("anyPolicy inhibited, and one by name", Asking(One) with { InhibitAnyPolicy = true }, [P(One)], [P(One)]);
        yield return Case("An authority inhibits anyPolicy below", Explicit, [P(One), ExtensionOf.InhibitAny(0)], [P(Oids.AnyPolicy)]) with { Failure = PathFailure.Policy };
        yield return Deep("An authority inhibits anyPolicy further below", Explicit, [P(One), ExtensionOf.InhibitAny(1)], [P(One)], [P(Oids.AnyPolicy)]) with { Failure = PathFailure.Policy };
        yield return Deep("An authority inhibits anyPolicy, not so soon", Explicit, [P(One), ExtensionOf.InhibitAny(1)], [P(Oids.AnyPolicy)], [P(One)]);
        var first = Root.Authority("CN=Twice", draft => Add(draft, [P(One), ExtensionOf.InhibitAny(0)]));
        var again = first.Authority("CN=Twice", draft => Add(draft, [P(Oids.AnyPolicy)]));
        yield return new PathCase("anyPolicy of a self-issued authority is not inhibited", again.Person(draft => Add(draft, [P(One)])).Certificate)
        {
            Anchors = [Root],
            Between = [first, again],
            Requirements = Explicit,
        };
    }

    private static X509Extension P(params string[] policies) => ExtensionOf.Policies(policies);

    private static PathRequirements Asking(params string[] policies) => Explicit with { Policies = policies };

    private static PathCase Case(string name, PathRequirements requirements, X509Extension[] authority, X509Extension[] person)
    {
        var issuing = Root.Authority("CN=Issuing", draft => Add(draft, authority));
        return new PathCase(name, issuing.Person(draft => Add(draft, person)).Certificate) { Anchors = [Root], Between = [issuing], Requirements = requirements };
    }

    private static PathCase Deep(string name, PathRequirements requirements, X509Extension[] upper, X509Extension[] lower, X509Extension[] person)
    {
        var above = Root.Authority("CN=Upper", draft => Add(draft, upper));
        var below = above.Authority("CN=Lower", draft => Add(draft, lower));
        return new PathCase(name, below.Person(draft => Add(draft, person)).Certificate) { Anchors = [Root], Between = [above, below], Requirements = requirements };
    }

    private static void Add(Draft draft, X509Extension[] extensions) => Array.ForEach(extensions, extension => draft.With(extension));
}
