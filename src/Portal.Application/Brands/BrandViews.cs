namespace Portal.Application.Brands;

/// <summary>How an organisation looks to people outside.</summary>
/// <param name="Organisation">Whose.</param>
/// <param name="Name">What they are told it is called.</param>
/// <param name="Accent">Null for the portal's own.</param>
/// <param name="LogoVersion">Null without one.</param>
/// <param name="Host">Its own host name, while that counts; null for the portal's address.</param>
/// <param name="Texts">Words of its own, by language of <see cref="LinkLanguages.All"/>.</param>
public sealed record BrandView(
    OrganisationId Organisation, string Name, BrandAccent? Accent, string? LogoVersion, string? Host, IReadOnlyDictionary<string, string> Texts)
{
    /// <returns>Null where nothing was written in that language.</returns>
    public string? TextIn(string language) => Texts.GetValueOrDefault(language);
}

/// <summary>The same for its administrators.</summary>
/// <param name="OrganisationName">As its own people call it.</param>
/// <param name="Name">Null where that is good for people outside too.</param>
/// <param name="Accent">#rrggbb; null for the portal's own.</param>
/// <param name="Host">As it was chosen; null for none.</param>
/// <param name="Seen">What people outside see of all that.</param>
public sealed record BrandSettings(string OrganisationName, string? Name, string? Accent, string? Host, BrandView Seen);

/// <param name="Name">Empty for the organisation's own.</param>
/// <param name="Accent">#rrggbb, or empty for the portal's own.</param>
/// <param name="Texts">By language; empty for none.</param>
public sealed record BrandChoice(string Name, string Accent, IReadOnlyDictionary<string, string> Texts);

/// <param name="MediaType">image/png or image/jpeg.</param>
/// <param name="Content">The file.</param>
/// <param name="Version">Another one after each change.</param>
public sealed record Logo(string MediaType, byte[] Content, string Version);

public abstract record BrandSaving
{
    public sealed record Saved : BrandSaving;

    public sealed record NameTooLong : BrandSaving;

    public sealed record NoColour : BrandSaving;

    /// <param name="Contrast">With white, to one; less than <see cref="BrandAccent.LeastContrast"/>.</param>
    public sealed record TooPale(double Contrast) : BrandSaving;

    public sealed record TextTooLong(string Language) : BrandSaving;

    public sealed record TextHasLink(string Language) : BrandSaving;
}

public enum LogoSaving
{
    Saved,

    /// <summary>More than <see cref="Branding.LargestLogo"/> bytes.</summary>
    TooLarge,

    /// <summary>More than <see cref="Branding.MostPixels"/> wide or high.</summary>
    TooManyPixels,

    /// <summary>Neither PNG nor JPEG.</summary>
    NoImage,
}

public enum HostSaving
{
    Saved,

    NoHostName,

    /// <summary>It lies below no domain that they have proved, or others have proved a closer one.</summary>
    NotTheirs,

    /// <summary>It is where everybody reaches the portal.</summary>
    PublicAddress,
}
