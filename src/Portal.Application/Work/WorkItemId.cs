namespace Portal.Application.Work;

public readonly record struct WorkItemId(Guid Value) : IId<WorkItemId>
{
    public static WorkItemId New() => new(Guid.NewGuid());

    public static WorkItemId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
