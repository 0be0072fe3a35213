namespace Portal.Application.Checks;

/// <summary>Looks at the database with the application's own eyes and changes nothing; Portal.Database has one for each database.</summary>
internal interface IDatabaseInspection
{
    Task<IReadOnlyList<Finding>> InspectAsync(CancellationToken cancellationToken);
}
