using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Portal.Database.Postgres;

/// <summary>Looks with the application's own eyes: is everything migrated, and is it really bound by row-level security?</summary>
internal sealed class PostgresReadiness(DbContextOptions<PostgresDbContext> application)
{
    private const string Migrate = "Run `portal migrate` with Portal:Database:OwnerConnectionString, then start again.";

    /// <exception cref="DatabaseNotReadyException">It is not.</exception>
    public async Task DemandAsync(CancellationToken cancellationToken)
    {
        await using var db = new PostgresDbContext(application, TimeProvider.System);
        var rights = (await db.Database.SqlQuery<Rights>($"""
            select
                r.rolsuper or r.rolbypassrls as "Unbound",
                exists (
                    select from pg_class c
                    where c.relnamespace = 'public'::regnamespace and pg_has_role(current_user, c.relowner, 'usage')) as "Owns",
                coalesce(obj_description(to_regclass('public.migrations'), 'pg_class'), '') as "Mark"
            from pg_roles r
            where r.rolname = current_user
            """).ToListAsync(cancellationToken)).Single();
        Demand(!rights.Unbound, "The application's database user is a superuser or may bypass row-level security. Let it be an ordinary login role.");
        Demand(rights.Mark.Length > 0, $"The database is empty. {Migrate}");
        Demand(!rights.Owns, "The application's database user owns tables, or is a member of the role that does. It has to own nothing, or row-level security does not hold.");
        Demand(await IsMigratedAsync(db, cancellationToken), $"The database is of another version than the portal. {Migrate}");
        Demand(rights.Mark == PostgresMigration.SecurityMark, $"The database's rights are of another version than the portal. {Migrate}");
    }

    private static async Task<bool> IsMigratedAsync(PostgresDbContext db, CancellationToken cancellationToken)
    {
        try
        {
            return !(await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any();
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new DatabaseNotReadyException(
                $"The application's database user may not read the tables: it is no member of {ApplicationRole.Group}. {Migrate}", exception);
        }
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new DatabaseNotReadyException(otherwise);
        }
    }

    private sealed record Rights(bool Unbound, bool Owns, string Mark);
}
