using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MimeKit;
using Portal.Application.Organisations;
using Portal.Application.Policies;
using Portal.Application.Protection;

namespace Portal.Application.Compose;

/// <param name="Typed">As the sender wrote it.</param>
/// <param name="Recipient">Null for what is no address.</param>
internal sealed record Planned(TypedAddress Typed, PlannedRecipient? Recipient);

/// <param name="Recipients">In the order of the fields.</param>
/// <param name="Policy">What the organisation allows at all.</param>
/// <param name="Subject">As it goes out, without the tags that rules take out.</param>
internal sealed record OutgoingPlan(IReadOnlyList<Planned> Recipients, OrganisationPolicy Policy, string Subject)
{
    public IReadOnlyList<RecipientOutcome> Outcomes => Recipients.Select(Outcome).ToList();

    private static RecipientOutcome Outcome(Planned planned) => planned.Recipient is { } recipient
        ? new RecipientOutcome(recipient.Address.ToString(), recipient.Field, recipient.Handling, recipient.Detail, recipient.Inside, recipient.Decision,
            recipient.Algorithms is { } chosen ? AppliedAlgorithms.Of(chosen) : null)
        : new RecipientOutcome(planned.Typed.Text, planned.Typed.Field, RecipientHandling.Malformed, null, false, RuleDecision.None, null);
}

/// <summary>What will happen to each recipient: the one place where certificates, rules and policy meet, for preview, sending and trial alike.</summary>
internal sealed class OutgoingPlanning(PortalDatabase database, RecipientPlanning planning, IOptions<PublicAddressOptions> address)
{
    /// <param name="organisation">Whose rules, policy and certificates.</param>
    /// <param name="sender">Their roles.</param>
    /// <param name="typed">Whom to.</param>
    /// <param name="header">As it would go out, with the subject as it was typed.</param>
    /// <param name="subject">Likewise.</param>
    /// <param name="protect">The sender asks for signature and encryption.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<OutgoingPlan> PlanAsync(
        OrganisationId organisation,
        Roles sender,
        IReadOnlyList<TypedAddress> typed,
        IEnumerable<Header> header,
        string subject,
        bool protect,
        CancellationToken cancellationToken)
    {
        OrganisationPolicy policy;
        IReadOnlyList<EffectiveRule> effective;
        HashSet<string> ownDomains;
        await using (var db = await database.ReadAsync(organisation, cancellationToken))
        {
            policy = (await db.Organisations.SingleAsync(one => one.Id == organisation, cancellationToken)).Policy;
            effective = await OutgoingRules.EffectiveAsync(db, organisation, cancellationToken);
            ownDomains = await db.OrganisationDomains.Where(one => one.OrganisationId == organisation).Select(one => one.Name).ToHashSetAsync(cancellationToken);
        }

        var facts = new OutgoingFacts(sender, header.Select(field => new HeaderField(field.Field, field.Value)).ToList(), subject, ownDomains);
        var plan = new List<Planned>();
        foreach (var one in typed)
        {
            var recipient = one.Address is null
                ? null
                : await planning.PlanAsync(organisation, policy.UnknownSoftware, one.Address, one.Field, cancellationToken);
            if (recipient is { Handling: RecipientHandling.NoCertificate, Inside: false } && facts.OwnDomains.Contains(recipient.Address.Domain))
            {
                recipient = recipient with { Detail = ProtectionTexts.NoMailboxHere };
            }
            else if (address.Value.PublicAddress is not null)
            {
                // Without an address of our own nobody finds here.
                recipient = recipient?.By(policy.Outsiders);
            }

            plan.Add(new Planned(one, recipient?.Under(protect, RuleEvaluation.Decide(effective, facts, recipient.Address))));
        }

        var addresses = typed.Select(one => one.Address).OfType<Smime.Pkix.AddrSpec>().ToList();
        return new OutgoingPlan(plan, policy, RuleEvaluation.SubjectWithoutTags(effective, facts, addresses));
    }
}
