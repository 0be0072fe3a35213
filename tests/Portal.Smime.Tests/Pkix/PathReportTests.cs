using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

/// <summary>What a validation tells beside yes and no, and what it remembers.</summary>
public sealed class PathReportTests
{
    private static readonly Holder Root = Holder.Root("CN=Root");
    private static readonly Holder Issuing = Root.Authority("CN=Issuing");

    [Fact]
    public void Every_path_that_failed_is_told()
    {
        var other = Holder.Root("CN=Other");
        var expired = other.Certify(Issuing, draft => draft.NotAfter = Pki.Now.AddDays(-1));
        var person = Issuing.Person();
        var trust = new TrustStore(
            [new TrustAnchor(other.Certificate, RevocationPolicy.NotPublished), new TrustAnchor(Root.Certificate, RevocationPolicy.NotPublished)],
            [expired.Certificate, Issuing.Certificate],
            []);

        var valid = Assert.IsType<PathValidation.Valid>(PathValidator.Validate(person.Certificate, trust, [], Pki.Now));

        var attempt = Assert.Single(valid.Attempts);
        Assert.Equal([person.Certificate, expired.Certificate, other.Certificate], attempt.Path);
        Assert.Equal((PathFailure.Expired, expired.Certificate), (attempt.Failure, attempt.Certificate));
        Assert.Equal([person.Certificate, Issuing.Certificate, Root.Certificate], valid.Path);
        Assert.Equal(Root.Certificate, valid.Anchor.Certificate);
        Assert.Equal([RevocationSource.None, RevocationSource.None], valid.Revocation.Select(one => one.Source));
    }

    [Fact]
    public void The_failure_that_came_furthest_is_the_outcome()
    {
        var stranger = Holder.Root("CN=Stranger");
        var lost = stranger.Certify(Issuing);
        var person = Issuing.Person(draft => draft.NotAfter = Pki.Now.AddDays(-1));

        foreach (var between in new[] { new[] { lost, Issuing }, new[] { Issuing, lost } })
        {
            var invalid = Assert.IsType<PathValidation.Invalid>(Validate(person.Certificate, between));
            Assert.Equal((PathFailure.Expired, person.Certificate), (invalid.Failure, invalid.Certificate));
            Assert.Equal([PathFailure.Expired, PathFailure.UnknownAuthority], invalid.Attempts.Select(attempt => attempt.Failure!.Value).Order().Reverse());
        }
    }

    [Fact]
    public void The_certificate_that_loses_the_last_policy_is_told()
    {
        var without = Root.Authority("CN=Without");
        var one = new PathCase("", without.Person().Certificate) { Anchors = [Root], Between = [without], Requirements = new PathRequirements { RequireExplicitPolicy = true } };

        var invalid = Assert.IsType<PathValidation.Invalid>(one.Validate());
        Assert.Equal((PathFailure.Policy, without.Certificate), (invalid.Failure, invalid.Certificate));
    }

    [Fact]
    public void What_its_authority_revoked_is_not_saved_by_another_path()
    {
        var other = Holder.Root("CN=Other");
        var cross = other.Certify(Issuing, draft => draft.With(ExtensionOf.Usage(X509KeyUsageFlags.KeyCertSign)));
        var person = Issuing.Person();
        Assert.True(RevocationList.TryParse(new ListDraft(Issuing) { Entries = [ListDraft.Of(person)] }.Sign(), out var list));
        Assert.True(RevocationList.TryParse(new ListDraft(Root).Sign(), out var rootList));
        var trust = new TrustStore(
            [new TrustAnchor(Root.Certificate, RevocationPolicy.Required), new TrustAnchor(other.Certificate, RevocationPolicy.NotPublished)],
            [Issuing.Certificate, cross.Certificate],
            [list, rootList]);

        Assert.IsType<PathValidation.Revoked>(PathValidator.Validate(person.Certificate, trust, [], Pki.Now));
        Assert.IsType<PathValidation.Valid>(PathValidator.Validate(Issuing.Person().Certificate, trust, [], Pki.Now));
    }

    [Fact]
    public void A_revoked_authority_that_was_certified_anew_is_found_by_the_other_path()
    {
        var other = Holder.Root("CN=Other");
        var cross = other.Certify(Issuing);
        Assert.True(RevocationList.TryParse(new ListDraft(Root) { Entries = [ListDraft.Of(Issuing)] }.Sign(), out var list));
        TrustAnchor[] anchors = [new TrustAnchor(Root.Certificate, RevocationPolicy.NotPublished), new TrustAnchor(other.Certificate, RevocationPolicy.NotPublished)];

        var both = PathValidator.Validate(Issuing.Person().Certificate, new TrustStore(anchors, [Issuing.Certificate, cross.Certificate], [list]), [], Pki.Now);
        var one = PathValidator.Validate(Issuing.Person().Certificate, new TrustStore(anchors, [Issuing.Certificate], [list]), [], Pki.Now);

        Assert.Equal(other.Certificate, Assert.IsType<PathValidation.Valid>(both).Path[^1]);
        Assert.Equal(Issuing.Certificate, Assert.IsType<PathValidation.Revoked>(one).Certificate);
    }

    [Fact]
    public void A_warm_validation_verifies_one_signature()
    {
        var root = Holder.Root("CN=Warm");
        var issuing = root.Authority("CN=Warm Issuing");
        var lists = new[] { new ListDraft(root).Sign(), new ListDraft(issuing).Sign() };

        Assert.Equal(4, Count(issuing.Person(), root, issuing, lists));
        Assert.Equal(1, Count(issuing.Person(), root, issuing, lists));
    }

    [Fact]
    public void Threads_do_not_disturb_each_other()
    {
        var authorities = Enumerable.Range(0, 8).Select(number => Root.Authority($"CN=Issuing {number}")).ToList();
        var trust = new TrustStore([new TrustAnchor(Root.Certificate, RevocationPolicy.NotPublished)], authorities.ConvertAll(one => one.Certificate), []);
        var people = authorities.ConvertAll(one => (Good: one.Person().Certificate, Bad: one.Person(draft => draft.IsSignatureBroken = true).Certificate));

        Parallel.For(0, 400, number =>
        {
            var (good, bad) = people[number % people.Count];
            Assert.IsType<PathValidation.Valid>(PathValidator.Validate(good, trust, [], Pki.Now));
            Assert.Equal(PathFailure.SignatureBroken, Assert.IsType<PathValidation.Invalid>(PathValidator.Validate(bad, trust, [], Pki.Now)).Failure);
        });
    }

    [Fact]
    public void The_memory_is_bounded_and_keeps_what_is_used()
    {
        var memory = new VerificationMemory(100);
        var used = ContentHash.Of([1]);
        memory.Remember(used, used);
        for (var number = 0; number < 1000; number++)
        {
            Assert.True(memory.Holds(used, used));
            Assert.False(memory.Holds(used, ContentHash.Of(BitConverter.GetBytes(number))));
            memory.Remember(ContentHash.Of(BitConverter.GetBytes(number)), used);
            Assert.InRange(memory.Count, 1, 200);
        }

        Assert.False(memory.Holds(ContentHash.Of(BitConverter.GetBytes(1)), used));
    }

    // Everything is loaded anew, as it comes out of a database: what is remembered is the content.
    private static int Count(Holder person, Holder root, Holder issuing, byte[][] lists)
    {
        var effort = new ValidationEffort();
        var trust = new TrustStore(
            [new TrustAnchor(X509CertificateLoader.LoadCertificate(root.Certificate.RawData), RevocationPolicy.Required)],
            [X509CertificateLoader.LoadCertificate(issuing.Certificate.RawData)],
            lists.Select(list => RevocationList.TryParse(list, out var parsed) ? parsed : null).OfType<RevocationList>().ToList());
        Assert.IsType<PathValidation.Valid>(PathValidator.Validate(person.Certificate, trust, [], Pki.Now, PathRequirements.Mail, effort));
        return effort.Verifications;
    }

    private static PathValidation Validate(X509Certificate2 certificate, Holder[] between) =>
        new PathCase("", certificate) { Anchors = [Root], Between = between }.Validate();
}
