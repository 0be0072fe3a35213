namespace Portal.Application.Organisations;

/// <summary>Of whom an organisation asks more than a password.</summary>
public enum SecondFactorDemand
{
    /// <summary>Of everybody who may change what others do.</summary>
    Administrators,

    Everybody,

    Nobody,
}

internal static class SecondFactorDemands
{
    public static bool Covers(this SecondFactorDemand demand, Roles roles) => demand switch
    {
        SecondFactorDemand.Everybody => true,
        SecondFactorDemand.Administrators => (roles & ~Roles.User) != Roles.None,
        SecondFactorDemand.Nobody => false,
    };
}
