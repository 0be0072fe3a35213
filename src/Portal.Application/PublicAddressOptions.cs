namespace Portal.Application;

/// <summary>The node as people reach it.</summary>
public sealed class PublicAddressOptions
{
    public const string Section = "Portal";

    /// <summary>Under which people reach the portal, such as https://mail.example.org. Links in mail begin with it; without it none are mailed.</summary>
    public Uri? PublicAddress { get; init; }

    public bool IsValid() => PublicAddress is null || (PublicAddress.IsAbsoluteUri && PublicAddress.Scheme is "http" or "https");

    internal string LinkTo(string path) =>
        new Uri(PublicAddress ?? throw new InvalidOperationException($"{Section}:PublicAddress is not set."), path).ToString();
}
