using Microsoft.EntityFrameworkCore;

namespace Portal.Application.Organisations;

/// <param name="Id">The organisation.</param>
/// <param name="Name">As its administrators call it.</param>
/// <param name="Domains">The mail domains that it has proved, the first claimed first.</param>
/// <param name="Claims">Those that it only claims.</param>
public sealed record OrganisationName(OrganisationId Id, string Name, IReadOnlyList<string> Domains, IReadOnlyList<string> Claims);

/// <summary>Every organisation of the installation, for its operator.</summary>
public sealed class OrganisationNames
{
    private readonly PortalDatabase _database;
    private readonly IDirectory _directory;

    internal OrganisationNames(PortalDatabase database, IDirectory directory) => (_database, _directory) = (database, directory);

    public async Task<IReadOnlyList<OrganisationName>> ListAsync(CancellationToken cancellationToken)
    {
        var names = new List<OrganisationName>();
        foreach (var id in await _directory.ListOrganisationsAsync(cancellationToken))
        {
            await using var db = await _database.ReadAsync(id, cancellationToken);
            var name = await db.Organisations.Where(one => one.Id == id).Select(one => one.Name).SingleAsync(cancellationToken);
            var domains = await db.OrganisationDomains
                .Where(one => one.OrganisationId == id)
                .OrderBy(one => one.AddedAt)
                .Select(one => new { one.Name, IsProved = one.ProvedAt != null })
                .ToListAsync(cancellationToken);
            names.Add(new OrganisationName(
                id, name, [.. domains.Where(one => one.IsProved).Select(one => one.Name)], [.. domains.Where(one => !one.IsProved).Select(one => one.Name)]));
        }

        return names;
    }
}
