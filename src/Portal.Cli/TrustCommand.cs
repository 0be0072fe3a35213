using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application;
using Portal.Application.Organisations;
using Portal.Application.Trust;

namespace Portal.Cli;

internal static class TrustCommand
{
    private const string Required = "required";
    private const string NotPublished = "none";

    public static Command Make() => new("trust", "Authorities of others that an organisation trusts.") { Add(), List(), Remove() };

    private static Verb Add()
    {
        var certificate = new Argument<FileInfo>("CA.pem") { CustomParser = Typed.File, Description = "The authority's certificate, PEM or DER; one that signed itself, or one below it that alone is trusted." };
        var list = new Option<FileInfo?>("--crl") { HelpName = "FILE", CustomParser = Typed.File, Description = "Its revocation list, PEM or DER. From then on a fresh list has to say good." };
        var purpose = new Option<TrustPurpose?>("--for") { HelpName = "signatures|encryption|both", CustomParser = Typed.OneOfLower<TrustPurpose>, Description = "What it is trusted for; both, unless given." };
        purpose.CompletionSources.Add("signatures", "encryption", "both");
        var revocation = new Option<string?>("--revocation") { HelpName = "required|none", CustomParser = Typed.OneOf(Required, NotPublished), Description = "Whether a fresh list or answer has to say good of every certificate; lists are fetched from where certificates say that they are. none, unless given with --crl." };
        var domains = new Option<string[]>("--domain-limit") { HelpName = "DOMAIN", CustomParser = Typed.Domains, Description = "A mail domain that it may vouch for, with those below; may be given several times. Any, unless given." };
        var domain = ChosenOrganisation.Option();
        var add = new Verb(
            "add",
            "Trusts an authority: signatures below it can be valid, and mail to its people can be encrypted.",
            "portal trust add partner-ca.pem --crl partner.crl",
            "portal trust add partner-ca.pem --revocation required --domain-limit partner.example")
        {
            certificate,
            list,
            purpose,
            revocation,
            domains,
            domain,
        };
        add.SetAction((parsed, cancellationToken) => ChosenOrganisation.RunAsync(
            parsed,
            domain,
            (provider, voice, organisation) => AddAsync(
                provider,
                voice,
                organisation,
                parsed.GetRequiredValue(certificate),
                parsed.GetValue(list),
                new TrustTerms(
                    parsed.GetValue(purpose) ?? TrustPurpose.Both,
                    (parsed.GetValue(revocation) ?? (parsed.GetValue(list) is null ? NotPublished : Required)) == Required,
                    parsed.GetValue(domains) ?? []),
                cancellationToken),
            cancellationToken));
        return add;
    }

    private static Verb List()
    {
        var domain = ChosenOrganisation.Option();
        var list = new Verb("list", "Authorities of others: those that wait for a decision, trusted ones, refused ones.", "portal trust list") { domain };
        list.SetAction((parsed, cancellationToken) => ChosenOrganisation.RunAsync(parsed, domain, async (provider, voice, organisation) =>
        {
            var authorities = await provider.GetRequiredService<ForeignAuthorities>().ListAsync(new Actor.Portal(organisation.Id, "command-line"), cancellationToken);
            return await voice.TellAsync(authorities, authorities.Count == 0
                ? [$"{organisation.Name} trusts no authority but its own."]
                : Table.Of(["SHA-256", "STANDING", "FOR", "REVOCATION", "EXPIRES", "DOMAINS", "SUBJECT"], authorities.Select(one => (string[])
                [
                    one.Fingerprint.ToLowerInvariant(),
                    one.Standing == AuthorityStanding.Waiting ? $"waits ({one.Seen})" : one.Standing.ToString().ToLowerInvariant(),
                    one.Standing == AuthorityStanding.Trusted ? one.Terms.Purpose.ToString().ToLowerInvariant() : string.Empty,
                    one.Standing != AuthorityStanding.Trusted ? string.Empty : one.Terms.RevocationRequired ? Required : NotPublished,
                    one.NotAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    one.Terms.Domains.Count > 0 ? string.Join(' ', one.Terms.Domains) : "any",
                    one.Subject,
                ])));
        }, cancellationToken));
        return list;
    }

    private static Verb Remove()
    {
        var fingerprint = new Argument<string>("SHA-256") { Description = "The fingerprint that `portal trust list` shows, or its beginning." };
        var domain = ChosenOrganisation.Option();
        var remove = new Verb("remove", "Trusts an authority no longer; what was signed under it is judged again.", "portal trust remove 3fa2b9") { fingerprint, domain };
        remove.SetAction((parsed, cancellationToken) => ChosenOrganisation.RunAsync(parsed, domain, async (provider, voice, organisation) =>
        {
            var outcome = await provider.GetRequiredService<ForeignAuthorities>().RemoveAsync(
                new Actor.Portal(organisation.Id, "command-line"), parsed.GetRequiredValue(fingerprint), cancellationToken);
            return outcome switch
            {
                TrustRemoving.Removed removed => await voice.TellAsync(removed, $"{organisation.Name} no longer trusts {removed.Subject}"),
                TrustRemoving.Several => await voice.RefuseAsync("Several fingerprints begin like that. Give more of it."),
                _ => await voice.RefuseAsync("No trusted authority has that fingerprint."),
            };
        }, cancellationToken));
        return remove;
    }

    private static async Task<int> AddAsync(
        IServiceProvider provider, Voice voice, OrganisationName organisation, FileInfo certificate, FileInfo? list, TrustTerms terms, CancellationToken cancellationToken)
    {
        var outcome = await provider.GetRequiredService<ForeignAuthorities>().AddAsync(
            new Actor.Portal(organisation.Id, "command-line"),
            await File.ReadAllBytesAsync(NamedFile.ToRead(certificate).FullName, cancellationToken),
            list is null ? null : await File.ReadAllBytesAsync(NamedFile.ToRead(list).FullName, cancellationToken),
            terms,
            cancellationToken);
        return outcome switch
        {
            TrustAdding.Added added => await voice.TellAsync(
                added,
                $"{organisation.Name} trusts {added.Authority.Subject}",
                $"SHA-256 {added.Authority.Fingerprint}",
                added.Authority.Terms.RevocationRequired ? "A fresh revocation list or answer is required." : "No revocation list is expected."),
            TrustAdding.NoCertificate => await voice.RefuseAsync($"{certificate.Name} is not one certificate in PEM or DER."),
            TrustAdding.NoAuthority => await voice.RefuseAsync($"{certificate.Name} is not the certificate of an authority."),
            TrustAdding.WrongDomains => await voice.RefuseAsync("--domain-limit takes up to 50 mail domains, such as partner.example."),
            TrustAdding.OwnAuthority => await voice.RefuseAsync($"{certificate.Name} is {organisation.Name}'s own authority."),
            _ => await voice.RefuseAsync($"{list?.Name} is not a revocation list of this authority."),
        };
    }
}
