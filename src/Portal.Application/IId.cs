namespace Portal.Application;

/// <summary>A record struct around the 128-bit identifier of one kind of row.</summary>
public interface IId<TSelf>
    where TSelf : struct, IId<TSelf>
{
    Guid Value { get; }

    static abstract TSelf From(Guid value);
}
