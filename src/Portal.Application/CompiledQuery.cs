using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Portal.Application;

/// <summary>A query that is asked so often that its expression is built once for each kind of database.</summary>
/// <param name="compile">By EF.CompileAsyncQuery, which remembers the first model that it meets.</param>
internal sealed class CompiledQuery<TQuery>(Func<TQuery> compile)
    where TQuery : Delegate
{
    private readonly ConditionalWeakTable<IModel, TQuery> _queries = [];

    public TQuery Of(PortalDbContext db) => _queries.GetValue(db.Model, _ => compile());
}
