using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;

namespace Portal.Application.Brands;

/// <summary>An administrator says how the organisation looks to people outside.</summary>
public sealed class Branding
{
    public const int LongestName = PlainText.LongestName;
    public const int LongestText = 500;

    /// <summary>Bytes.</summary>
    public const int LargestLogo = 200 * 1024;

    /// <summary>Of each side.</summary>
    public const int MostPixels = 2000;

    private readonly PortalDatabase _database;
    private readonly BrandReading _reading;
    private readonly HostNames _hosts;

    internal Branding(PortalDatabase database, BrandReading reading, HostNames hosts) => (_database, _reading, _hosts) = (database, reading, hosts);

    public async Task<BrandSettings> ViewAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageOrganisation);
        string name;
        Brand? brand;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            name = await db.Organisations.Where(one => one.Id == actor.Organisation).Select(one => one.Name).SingleAsync(cancellationToken);
            brand = await FindAsync(db, actor, cancellationToken);
        }

        return new BrandSettings(name, brand?.Name, brand?.Accent, brand?.HostName, await _reading.ViewAsync(actor.Organisation, name, brand, cancellationToken));
    }

    /// <summary>What people outside would see of a choice that is not saved yet; what is none is left out.</summary>
    public static BrandView Preview(BrandSettings settings, BrandChoice choice) => settings.Seen with
    {
        Name = PlainText.Line(choice.Name) is { Length: > 0 } name ? name : settings.OrganisationName,
        Accent = BrandAccent.Of(choice.Accent.Trim()),
        Texts = Plain(choice.Texts),
    };

    public async Task<BrandSaving> ChooseAsync(Actor actor, BrandChoice choice, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageOrganisation);
        var name = PlainText.Line(choice.Name);
        if (name.Length > LongestName)
        {
            return new BrandSaving.NameTooLong();
        }

        var accent = Colour.Parse(choice.Accent.Trim());
        if (accent is null && choice.Accent.Trim().Length > 0)
        {
            return new BrandSaving.NoColour();
        }

        if (accent is { } colour && Colour.Contrast(colour, Colour.White) is < BrandAccent.LeastContrast and var contrast)
        {
            return new BrandSaving.TooPale(contrast);
        }

        var texts = Plain(choice.Texts);
        if (texts.FirstOrDefault(one => one.Value.Length > LongestText).Key is { } tooLong)
        {
            return new BrandSaving.TextTooLong(tooLong);
        }

        if (texts.FirstOrDefault(one => OwnWords.HasLink(one.Value)).Key is { } linking)
        {
            return new BrandSaving.TextHasLink(linking);
        }

        await ChangeAsync(actor, "look", brand => brand.Choose(name.Length > 0 ? name : null, accent, texts), cancellationToken);
        return new BrandSaving.Saved();
    }

    public async Task<LogoSaving> TakeLogoAsync(Actor actor, byte[] file, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageOrganisation);
        if (file.Length > LargestLogo)
        {
            return LogoSaving.TooLarge;
        }

        if (LogoFile.Read(file) is not { } image)
        {
            return LogoSaving.NoImage;
        }

        if (image.Width > MostPixels || image.Height > MostPixels)
        {
            return LogoSaving.TooManyPixels;
        }

        await ChangeLogoAsync(actor, image.MediaType, file, cancellationToken);
        return LogoSaving.Saved;
    }

    public Task RemoveLogoAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageOrganisation);
        return ChangeLogoAsync(actor, mediaType: null, [], cancellationToken);
    }

    /// <param name="actor">Whose organisation.</param>
    /// <param name="typed">Such as secure.example.org; empty for none.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<HostSaving> AnswerAtAsync(Actor actor, string typed, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageOrganisation);
        string? host = null;
        if (typed.Trim().Length > 0)
        {
            host = typed.Contains('@', StringComparison.Ordinal) || typed.Contains('*', StringComparison.Ordinal) ? null : MailDomain.Normalised(typed);
            if (host is null || host.Length > 253)
            {
                return HostSaving.NoHostName;
            }

            if (_hosts.IsPublicAddress(host))
            {
                return HostSaving.PublicAddress;
            }

            if (!await _hosts.MayHaveAsync(host, actor.Organisation, cancellationToken))
            {
                return HostSaving.NotTheirs;
            }
        }

        await ChangeAsync(actor, "host", brand => brand.AnswerAt(host), cancellationToken);
        return HostSaving.Saved;
    }

    private static Dictionary<string, string> Plain(IReadOnlyDictionary<string, string> texts) => LinkLanguages.All
        .Select(language => (Language: language, Text: OwnWords.Plain(texts.GetValueOrDefault(language, string.Empty))))
        .Where(one => one.Text.Length > 0)
        .ToDictionary(one => one.Language, one => one.Text);

    private async Task ChangeLogoAsync(Actor actor, string? mediaType, byte[] content, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var logo = await db.BrandLogos.SingleOrDefaultAsync(one => one.OrganisationId == actor.Organisation, cancellationToken);
        var brand = await FindOrAddAsync(db, actor, cancellationToken);
        if (mediaType is null)
        {
            db.BrandLogos.RemoveRange(logo is null ? [] : [logo]);
            brand.Carry(null);
        }
        else
        {
            if (logo is null)
            {
                logo = new BrandLogo(actor.Organisation);
                db.BrandLogos.Add(logo);
            }

            logo.Take(mediaType, content);
            brand.Carry(logo.Version);
        }

        await SaveAsync(db, actor, "logo", cancellationToken);
    }

    private async Task ChangeAsync(Actor actor, string what, Action<Brand> change, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        change(await FindOrAddAsync(db, actor, cancellationToken));
        await SaveAsync(db, actor, what, cancellationToken);
    }

    private static async Task SaveAsync(PortalDbContext db, Actor actor, string what, CancellationToken cancellationToken)
    {
        db.Record(new AuditEvent(actor, AuditAction.BrandChanged, actor.Organisation.Value, new Dictionary<string, string> { ["what"] = what }));
        await db.CommitAsync(cancellationToken);
    }

    private static async Task<Brand> FindOrAddAsync(PortalDbContext db, Actor actor, CancellationToken cancellationToken)
    {
        var brand = await FindAsync(db, actor, cancellationToken);
        if (brand is null)
        {
            brand = new Brand(actor.Organisation);
            db.Brands.Add(brand);
        }

        return brand;
    }

    private static Task<Brand?> FindAsync(PortalDbContext db, Actor actor, CancellationToken cancellationToken) =>
        db.Brands.SingleOrDefaultAsync(one => one.OrganisationId == actor.Organisation, cancellationToken);
}
