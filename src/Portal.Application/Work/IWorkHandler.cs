namespace Portal.Application.Work;

/// <summary>Does one kind of work. Returns when the work is off the list, due again, or in hands that renew its lease; what it throws is logged, and the work comes again when its lease has run out.</summary>
internal interface IWorkHandler
{
    WorkKind Kind { get; }

    Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken);
}
