namespace Portal.Application.Policies;

public readonly record struct OutgoingRuleId(Guid Value) : IId<OutgoingRuleId>
{
    public static OutgoingRuleId New() => new(Guid.NewGuid());

    public static OutgoingRuleId From(Guid value) => new(value);

    public override string ToString() => Value.ToString("N");
}
