using Portal.Application.Organisations;

namespace Portal.Application.Domains;

/// <summary>Looks into a domain's DNS for the record that was asked for.</summary>
internal sealed class DomainLooking(DomainStore store, TextRecords records)
{
    public static string RecordName(OrganisationDomain domain) => $"_portal-challenge.{domain.Name}";

    public static string RecordValue(OrganisationDomain domain) => $"portal-domain={domain.Token}";

    public async Task<DomainLook> LookAsync(Actor actor, OrganisationDomain domain, CancellationToken cancellationToken)
    {
        var answer = await records.AskAsync(RecordName(domain), cancellationToken);
        if (answer is TextAnswer.NoAnswer)
        {
            return new DomainLook.NoAnswer();
        }

        var texts = answer is TextAnswer.Found found ? found.Texts : [];
        var isThere = texts.Any(text => text.Trim() == RecordValue(domain));
        await store.LookedAsync(actor.Organisation, domain.Id, isThere, cancellationToken);
        if (isThere)
        {
            return await store.ProveAsync(actor, domain.Id, DomainProof.Dns, cancellationToken);
        }

        return texts.Count == 0 ? new DomainLook.NoRecord() : new DomainLook.OtherValue([.. texts.Take(5).Select(Short)]);
    }

    private static string Short(string text) => text.Length > 200 ? $"{text[..200]}…" : text;
}
