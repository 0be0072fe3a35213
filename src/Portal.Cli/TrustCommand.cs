using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application;
using Portal.Application.Certificates;
using Portal.Application.Organisations;

namespace Portal.Cli;

internal static class TrustCommand
{
    public static Command Make() => new("trust", "Authorities of others that an organisation trusts.") { Add(), List(), Remove() };

    private static Verb Add()
    {
        var certificate = new Argument<FileInfo>("CA.pem") { CustomParser = Typed.File, Description = "The authority's own certificate, PEM or DER." };
        var list = new Option<FileInfo?>("--crl") { HelpName = "FILE", CustomParser = Typed.File, Description = "Its revocation list, PEM or DER. From then on a fresh list has to say good." };
        var domain = ChosenOrganisation.Option();
        var add = new Verb(
            "add", "Trusts an authority: signatures below it can be valid, and mail to its people can be encrypted.", "portal trust add partner-ca.pem --crl partner.crl")
        {
            certificate,
            list,
            domain,
        };
        add.SetAction((parsed, cancellationToken) => ChosenOrganisation.RunAsync(
            parsed,
            domain,
            (provider, voice, organisation) => AddAsync(provider, voice, organisation, parsed.GetRequiredValue(certificate), parsed.GetValue(list), cancellationToken),
            cancellationToken));
        return add;
    }

    private static Verb List()
    {
        var domain = ChosenOrganisation.Option();
        var list = new Verb("list", "Which authorities are trusted, and how fresh their revocation lists are.", "portal trust list") { domain };
        list.SetAction((parsed, cancellationToken) => ChosenOrganisation.RunAsync(parsed, domain, async (provider, voice, organisation) =>
        {
            var authorities = await provider.GetRequiredService<TrustedAuthorities>().ListAsync(organisation.Id, cancellationToken);
            return await voice.TellAsync(authorities, authorities.Count == 0
                ? [$"{organisation.Name} trusts no authority but its own."]
                : Table.Of(["SHA-256", "EXPIRES", "REVOCATION LIST", "SUBJECT"], authorities.Select(one => (string[])
                [
                    one.Fingerprint.ToLowerInvariant(),
                    one.NotAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    one.RevocationRequired ? $"until {one.NextUpdate?.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? "it is given"}" : "none expected",
                    one.Subject,
                ])));
        }, cancellationToken));
        return list;
    }

    private static Verb Remove()
    {
        var fingerprint = new Argument<string>("SHA-256") { Description = "The fingerprint that `portal trust list` shows, or its beginning." };
        var domain = ChosenOrganisation.Option();
        var remove = new Verb("remove", "Trusts an authority no longer; what it signed becomes untrusted when it is next judged.", "portal trust remove 3fa2b9") { fingerprint, domain };
        remove.SetAction((parsed, cancellationToken) => ChosenOrganisation.RunAsync(parsed, domain, async (provider, voice, organisation) =>
        {
            var outcome = await provider.GetRequiredService<TrustedAuthorities>().RemoveAsync(
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
        IServiceProvider provider, Voice voice, OrganisationName organisation, FileInfo certificate, FileInfo? list, CancellationToken cancellationToken)
    {
        var outcome = await provider.GetRequiredService<TrustedAuthorities>().AddAsync(
            new Actor.Portal(organisation.Id, "command-line"),
            await File.ReadAllBytesAsync(NamedFile.ToRead(certificate).FullName, cancellationToken),
            list is null ? null : await File.ReadAllBytesAsync(NamedFile.ToRead(list).FullName, cancellationToken),
            cancellationToken);
        return outcome switch
        {
            TrustAdding.Added added => await voice.TellAsync(
                added,
                $"{organisation.Name} trusts {added.Subject}",
                $"SHA-256 {added.Fingerprint}",
                added.RevocationRequired ? "A fresh revocation list is required." : "No revocation list is expected."),
            TrustAdding.NoCertificate => await voice.RefuseAsync($"{certificate.Name} is not one certificate in PEM or DER."),
            TrustAdding.NoAuthority => await voice.RefuseAsync($"{certificate.Name} is not the certificate of an authority that signed itself."),
            _ => await voice.RefuseAsync($"{list?.Name} is not a revocation list of this authority."),
        };
    }
}
