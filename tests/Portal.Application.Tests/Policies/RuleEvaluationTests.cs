using Portal.Application.Compose;
using Portal.Application.Organisations;
using Portal.Application.Policies;
using Portal.Application.Protection;
using Portal.Application.SecureLinks;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.Tests.Policies;

/// <summary>Rules against messages, without a database.</summary>
public sealed class RuleEvaluationTests
{
    private static readonly string[] Domains = ["example.test", "mail.partner.test", "partner.test", "notpartner.test"];
    private static readonly string[] Subjects = ["Hello", "Results [secure]", "[SECURE] and [draft]"];
    private static readonly HeaderField[] Header = [new("Subject", "x"), new("X-Classification", "Strictly Confidential")];

    [Theory]
    [InlineData(RuleRecipients.Everybody, "", "elsewhere.test", true)]
    [InlineData(RuleRecipients.Outside, "", "example.test", false)]
    [InlineData(RuleRecipients.Outside, "", "mail.example.test", true)]
    [InlineData(RuleRecipients.Domain, "partner.test", "partner.test", true)]
    [InlineData(RuleRecipients.Domain, "partner.test", "mail.partner.test", false)]
    [InlineData(RuleRecipients.DomainAndBelow, "partner.test", "mail.partner.test", true)]
    [InlineData(RuleRecipients.DomainAndBelow, "partner.test", "notpartner.test", false)]
    [InlineData(RuleRecipients.Domain, "xn--mnchen-3ya.test", "MÜNCHEN.test", true)]
    public void Recipients_are_those_of_a_domain_or_outside(RuleRecipients recipients, string domain, string recipient, bool holds) =>
        Assert.Equal(holds, Holds(OutgoingRuleDefinition.Empty with { Recipients = recipients, Domain = domain }, recipient));

    [Theory]
    [InlineData("x-classification", "confidential", true)]
    [InlineData("X-Classification", "", true)]
    [InlineData("X-Classification", "public", false)]
    [InlineData("X-Other", "", false)]
    public void A_header_field_is_there_or_holds_a_text(string name, string text, bool holds) =>
        Assert.Equal(holds, Holds(OutgoingRuleDefinition.Empty with { HeaderName = name, HeaderText = text }, "partner.test"));

    [Fact]
    public void All_conditions_have_to_hold()
    {
        var rule = OutgoingRuleDefinition.Empty with { SenderRole = Roles.Auditor, SubjectTag = "[secure]", HeaderName = "X-Classification" };
        Assert.True(Holds(rule, "partner.test", Roles.User | Roles.Auditor, "a [Secure]"));
        Assert.False(Holds(rule, "partner.test", Roles.User, "a [Secure]"));
        Assert.False(Holds(rule, "partner.test", Roles.Auditor, "a"));
    }

    [Theory]
    [InlineData("[Secure] Results", "Results")]
    [InlineData("Re: [secure] Results [SECURE]", "Re: Results")]
    [InlineData("Results", "Results")]
    [InlineData("[secure]", "")]
    public void A_tag_is_taken_out_wherever_it_stands(string subject, string stripped) => Assert.Equal(
        stripped,
        RuleEvaluation.SubjectWithoutTags(
            [Effective(OutgoingRuleDefinition.Empty with { SubjectTag = "[secure]" })], Facts(Roles.User, subject), [Address("partner.test")]));

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"Name\":\"x\"")]
    public void What_is_no_rule_of_this_version_is_not_half_understood(string json) => Assert.Null(OutgoingRuleDefinition.Read(json));

    [Theory]
    [InlineData("\"Encrypt\"", "\"Shred\"")]
    [InlineData("\"Encrypt\"", "17")]
    [InlineData("\"Everybody\"", "9")]
    [InlineData("\"SenderRole\":\"None\"", "\"SenderRole\":\"512\"")]
    [InlineData("\"Sentence\":\"\"", "\"Sentence\":null")]
    [InlineData("\"Sentence\":\"\"", "\"Sentence\":\"\",\"Weekday\":\"Monday\"")]
    [InlineData("\"Sentence\":\"\",", "")]
    public void A_rule_with_something_unknown_is_not_read_at_all(string known, string unknown)
    {
        var json = (OutgoingRuleDefinition.Empty with { Name = "x" }).ToJson();
        Assert.NotNull(OutgoingRuleDefinition.Read(json));
        Assert.Contains(known, json, StringComparison.Ordinal);
        Assert.Null(OutgoingRuleDefinition.Read(json.Replace(known, unknown, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_rule_that_cannot_be_read_decides_for_everybody()
    {
        var decision = RuleEvaluation.Decide([new EffectiveRule(OutgoingRuleId.New(), 0, null)], Facts(Roles.User, "x"), Address("partner.test"));
        Assert.True(decision is { IsUnreadable: true, Demand: RuleAction.Refuse });
    }

    /// <summary>Over rules, recipients, senders and choices at random: one more rule, and nobody gets a message less protected than before.</summary>
    [Fact]
    public void Adding_any_rule_never_makes_any_recipients_handling_weaker()
    {
        var random = new Xorshift(20240229);
        var refused = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var rules = Enumerable.Range(0, random.Next(4)).Select(_ => Effective(Rule(random))).ToList();
            var message = new Situation(random);
            var before = message.Outcome(rules);
            var after = message.Outcome([.. rules, Effective(Rule(random))]);
            Assert.All(before.Zip(after), pair => Assert.True(pair.Second >= pair.First, $"Round {round}: {string.Join(',', before)} became {string.Join(',', after)}."));
            refused += after.Count(one => one == Strength.NotSent) - before.Count(one => one == Strength.NotSent);
        }

        Assert.True(refused > 500, "The rules did nothing, so nothing was shown.");
    }

    private enum Strength
    {
        Unprotected,
        Signed,
        Encrypted,
        NotSent,
    }

    private sealed class Situation
    {
        private readonly List<PlannedRecipient> _recipients = [];
        private readonly OutgoingFacts _facts;
        private readonly bool _protect, _answersEncrypted;
        private readonly UnencryptableChoice _choice;
        private readonly OrganisationPolicy _policy;

        public Situation(Xorshift random)
        {
            RecipientHandling[] technical = [RecipientHandling.Encrypted, RecipientHandling.EncryptedCompatible, RecipientHandling.NoCertificate, RecipientHandling.CertificateUnusable];
            _recipients.AddRange(Enumerable.Range(0, 1 + random.Next(3)).Select(_ => new PlannedRecipient(
                Address(Domains[random.Next(Domains.Length)]), RecipientField.To, technical[random.Next(technical.Length)], null, false, null, RuleDecision.None)));
            _facts = Facts(random.Next(2) == 0 ? Roles.User : Roles.User | Roles.Auditor, Subjects[random.Next(Subjects.Length)]);
            (_protect, _answersEncrypted) = (random.Next(3) > 0, random.Next(4) == 0);
            _choice = (UnencryptableChoice)random.Next(3);
            _policy = new OrganisationPolicy(KeyAlgorithm.P256, KeyAlgorithm.Rsa3072, random.Next(2) == 0, random.Next(2) == 0, UnknownSoftware.Compatible, SecondFactorDemand.Nobody, 365, false, false, OutsiderDelivery.Certificate, ReaderPolicy.Usual);
        }

        public List<Strength> Outcome(IReadOnlyList<EffectiveRule> rules)
        {
            var planned = _recipients.ConvertAll(one => new Planned(
                new TypedAddress("", one.Field, "", one.Address), one.Under(_protect, RuleEvaluation.Decide(rules, _facts, one.Address))));
            var plan = new OutgoingPlan(planned, _policy, _facts.Subject);
            if (SendDecision.Problem(plan, _choice, _answersEncrypted, LinkChoices.None) is not null)
            {
                return planned.ConvertAll(_ => Strength.NotSent);
            }

            var chosen = SendDecision.Chosen(plan, _choice);
            return planned.ConvertAll(one => !chosen.Contains(one) ? Strength.NotSent
                : one.Recipient!.Handling == RecipientHandling.NotProtected ? Strength.Unprotected
                : one.Recipient.IsEncrypted ? Strength.Encrypted
                : Strength.Signed);
        }
    }

    private static OutgoingRuleDefinition Rule(Xorshift random)
    {
        var recipients = (RuleRecipients)random.Next(4);
        return OutgoingRuleDefinition.Empty with
        {
            Name = "x",
            Action = (RuleAction)random.Next(4),
            Recipients = recipients,
            Domain = recipients is RuleRecipients.Domain or RuleRecipients.DomainAndBelow ? Domains[random.Next(Domains.Length)] : "",
            SenderRole = random.Next(3) == 0 ? Roles.Auditor : Roles.None,
            SubjectTag = random.Next(3) == 0 ? "[secure]" : "",
            HeaderName = random.Next(4) == 0 ? "X-Classification" : "",
        };
    }

    private static bool Holds(OutgoingRuleDefinition rule, string recipient, Roles sender = Roles.User, string subject = "x") =>
        RuleEvaluation.Decide([Effective(rule)], Facts(sender, subject), Address(recipient)).Demand == rule.Action;

    private static EffectiveRule Effective(OutgoingRuleDefinition rule) => new(OutgoingRuleId.New(), 0, rule);

    private static OutgoingFacts Facts(Roles sender, string subject) => new(sender, Header, subject, new HashSet<string> { "example.test" });

    private static AddrSpec Address(string domain)
    {
        Assert.True(AddrSpec.TryParse($"one@{domain}", out var address));
        return address;
    }

    /// <summary>The same numbers every time.</summary>
    private sealed class Xorshift(uint state)
    {
        public int Next(int bound)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            return (int)(state % (uint)bound);
        }
    }
}
