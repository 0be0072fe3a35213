using Portal.Application;

namespace Portal.Web.Shell;

/// <summary>A page about something that its address names.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal abstract class AboutAttribute : Attribute
{
    /// <returns>False where it is not there for this person: the page says so in words, and its answer is 404.</returns>
    public abstract Task<bool> IsThereAsync(IServiceProvider services, Actor.Person actor, RouteValueDictionary address, CancellationToken cancellationToken);

    /// <returns>Null where the address names none.</returns>
    protected static Guid? Id(RouteValueDictionary address, string name) =>
        Guid.TryParse(address[name] as string, out var id) ? id : null;
}
