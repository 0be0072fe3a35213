using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

/// <summary>A stranger decides what there is to try; the outcome comes all the same, and soon.</summary>
public sealed class PathLimitsTests
{
    private static readonly Holder Root = Holder.Root("CN=Root");

    [Fact]
    public void Authorities_that_all_certify_each_other_end_in_an_outcome()
    {
        var all = Enumerable.Range(0, 16).Select(_ => Holder.Root("CN=Maze")).ToList();
        var maze = all.SelectMany(one => all.Where(other => other != one).Select(other => one.Certify(other, draft => draft.HasKeyIdentifiers = false).Certificate)).ToList();
        var person = all[0].Person(draft => draft.HasKeyIdentifiers = false);
        var effort = new ValidationEffort();
        var clock = Stopwatch.StartNew();

        var validation = Validate(person, maze, effort);

        Assert.Equal(PathFailure.TooComplex, Assert.IsType<PathValidation.Invalid>(validation).Failure);
        Assert.True(effort.Steps <= 200, $"{effort.Steps} steps");
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), $"{clock.Elapsed}");
        Assert.InRange(validation.Attempts.Count, 1, 20);
    }

    [Fact]
    public void One_key_stands_on_a_path_once_however_often_it_was_certified()
    {
        var (one, other) = (Holder.Root("CN=One"), Holder.Root("CN=Other"));
        var round = Enumerable.Range(0, 6).SelectMany(_ => new[] { one.Certify(other).Certificate, other.Certify(one).Certificate }).ToList();
        var effort = new ValidationEffort();

        var validation = Validate(one.Person(), round, effort);

        Assert.Equal(PathFailure.UnknownAuthority, Assert.IsType<PathValidation.Invalid>(validation).Failure);
        Assert.InRange(effort.Steps, 1, 60);
    }

    [Fact]
    public void Junk_of_a_stranger_does_not_hide_our_own_path()
    {
        var issuing = Root.Authority("CN=Issuing");
        var junk = Enumerable.Range(0, 300).Select(_ => Holder.Root("CN=Issuing").Certificate).ToList();
        var person = issuing.Person(draft => draft.HasKeyIdentifiers = false);
        var trust = new TrustStore([new TrustAnchor(Root.Certificate, RevocationPolicy.NotPublished)], [issuing.Certificate], []);

        Assert.IsType<PathValidation.Valid>(PathValidator.Validate(person.Certificate, trust, junk, Pki.Now));
        Assert.IsType<PathValidation.Valid>(Validate(issuing.Person(), [.. junk, issuing.Certificate], new ValidationEffort()));
    }

    [Fact]
    public void More_names_and_constraints_than_are_worth_comparing_are_refused()
    {
        byte[][] Hosts(int count) => [.. Enumerable.Range(0, count).Select(number => NameOf.Dns(string.Create(CultureInfo.InvariantCulture, $"h{number}.example.org")))];
        var many = Root.Authority("CN=Many", draft => draft.With(ExtensionOf.Excluded(Hosts(1000))));
        var bad = many.Person(draft => draft.With(ExtensionOf.AltName(Enumerable.Repeat(NameOf.Dns("x.example.org"), 1000).ToArray())));

        Assert.Equal(PathFailure.TooComplex, Assert.IsType<PathValidation.Invalid>(Validate(bad, [many.Certificate], new ValidationEffort())).Failure);
        Assert.IsType<PathValidation.Valid>(Validate(many.Person(), [many.Certificate], new ValidationEffort()));
    }

    [Fact]
    public void Policies_that_are_mapped_to_each_other_do_not_multiply()
    {
        var policies = Enumerable.Range(1, 24).Select(number => string.Create(CultureInfo.InvariantCulture, $"1.3.6.1.4.1.99999.7.{number}")).ToArray();
        var crossed = policies.SelectMany(one => policies.Select(other => (one, other))).ToArray();
        var chain = new List<Holder> { Root };
        while (chain.Count < 10)
        {
            chain.Add(chain[^1].Authority($"CN=Link {chain.Count}", draft => draft.With(ExtensionOf.Policies(policies)).With(ExtensionOf.Mappings(crossed))));
        }

        var person = chain[^1].Person(draft => draft.With(ExtensionOf.Policies(policies)));
        var clock = Stopwatch.StartNew();
        var requirements = new PathRequirements { RequireExplicitPolicy = true, Policies = [policies[3]] };

        var validation = PathValidator.Validate(person.Certificate, Trust(chain[1..].ConvertAll(one => one.Certificate)), [], Pki.Now, requirements);

        var valid = Assert.IsType<PathValidation.Valid>(validation);
        Assert.Equal(policies.Order(StringComparer.Ordinal), valid.AuthorityConstrainedPolicies);
        Assert.Equal([policies[3]], valid.UserConstrainedPolicies);
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), $"{clock.Elapsed}");
    }

    private static TrustStore Trust(IReadOnlyList<X509Certificate2> between) => new([new TrustAnchor(Root.Certificate, RevocationPolicy.NotPublished)], between, []);

    private static PathValidation Validate(Holder person, IReadOnlyList<X509Certificate2> between, ValidationEffort effort) =>
        PathValidator.Validate(person.Certificate, Trust([]), between, Pki.Now, PathRequirements.Mail, effort);
}
