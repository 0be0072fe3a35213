namespace Portal.Smime.Pkix;

public enum PathPurpose
{
    /// <summary>extKeyUsage, wherever it stands on the path, has to include emailProtection.</summary>
    Email,

    /// <summary>extKeyUsage is not looked at.</summary>
    Any,
}

/// <summary>The inputs of RFC 5280 §6.1.1 that are not the path, the time and the anchor. As they stand, they are right for mail.</summary>
public sealed record PathRequirements
{
    /// <summary>The object identifier that stands for every policy.</summary>
    public const string AnyPolicy = Oids.AnyPolicy;

    public static PathRequirements Mail { get; } = new();

    public PathPurpose Purpose { get; init; } = PathPurpose.Email;

    /// <summary>user-initial-policy-set: object identifiers.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [AnyPolicy];

    /// <summary>initial-explicit-policy: the path has to be valid for one of the policies.</summary>
    public bool RequireExplicitPolicy { get; init; }

    /// <summary>initial-policy-mapping-inhibit.</summary>
    public bool InhibitPolicyMapping { get; init; }

    /// <summary>initial-any-policy-inhibit.</summary>
    public bool InhibitAnyPolicy { get; init; }
}
