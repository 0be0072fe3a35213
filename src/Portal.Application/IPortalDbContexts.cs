namespace Portal.Application;

/// <summary>Made by the database in use; Portal.Database has one for PostgreSQL and one for SQLite.</summary>
internal interface IPortalDbContexts
{
    PortalDbContext Create();
}
