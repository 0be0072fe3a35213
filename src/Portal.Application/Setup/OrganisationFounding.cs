using Microsoft.EntityFrameworkCore;
using Portal.Application.KeyBroker;
using Portal.Application.Organisations;

namespace Portal.Application.Setup;

public abstract record OrganisationAdding
{
    /// <param name="Id">The new organisation.</param>
    /// <param name="Domain">As it is stored.</param>
    public sealed record Added(OrganisationId Id, string Domain) : OrganisationAdding;

    public sealed record NameMissing : OrganisationAdding;

    public sealed record DomainMalformed : OrganisationAdding;

    public sealed record DomainTaken : OrganisationAdding;

    /// <summary>SQLite has its one organisation already.</summary>
    public sealed record NoRoom : OrganisationAdding;
}

/// <summary>Adds an organisation to the installation, for its operator.</summary>
public sealed class OrganisationFounding
{
    private readonly Founding _founding;
    private readonly OrganisationNames _names;
    private readonly SystemKey _systemKey;

    internal OrganisationFounding(Founding founding, OrganisationNames names, SystemKey systemKey) =>
        (_founding, _names, _systemKey) = (founding, names, systemKey);

    /// <summary>Asked again after it broke off, it goes on where it was.</summary>
    /// <exception cref="Smime.Keys.KeyStoreException">The key store does not answer.</exception>
    public async Task<OrganisationAdding> AddAsync(string name, string domain, CancellationToken cancellationToken)
    {
        if (PlainText.Name(name) is not { } called)
        {
            return new OrganisationAdding.NameMissing();
        }

        if (MailDomain.Normalised(domain) is not { } mailDomain)
        {
            return new OrganisationAdding.DomainMalformed();
        }

        var begun = await FindAsync(mailDomain, cancellationToken);
        if (begun is not null && (begun.Name != called || await _founding.IsFoundedAsync(begun.Id, cancellationToken)))
        {
            return new OrganisationAdding.DomainTaken();
        }

        // The first organisation may come before the portal's first start.
        await _systemKey.PrepareAsync(cancellationToken);
        try
        {
            return new OrganisationAdding.Added(await _founding.FoundAsync(called, mailDomain, begun?.Id, cancellationToken), mailDomain);
        }
        catch (DbUpdateException)
        {
            // Another operator was faster, or SQLite's own rule.
            return await FindAsync(mailDomain, cancellationToken) is null ? new OrganisationAdding.NoRoom() : new OrganisationAdding.DomainTaken();
        }
    }

    private async Task<OrganisationName?> FindAsync(string domain, CancellationToken cancellationToken) =>
        (await _names.ListAsync(cancellationToken)).FirstOrDefault(one => one.Domains.Contains(domain));
}
