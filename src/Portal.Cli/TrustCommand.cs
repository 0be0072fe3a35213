using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application;
using Portal.Application.Certificates;
using Portal.Application.Organisations;

namespace Portal.Cli;

internal static class TrustCommand
{
    public static Command Make()
    {
        var certificate = new Argument<FileInfo>("CA.pem") { Description = "The authority's own certificate, PEM or DER." };
        var list = new Option<FileInfo?>("--crl") { Description = "Its revocation list, PEM or DER. From then on a fresh list has to say good." };
        var domain = ChosenOrganisation.Option();
        var add = new Command("add", "Trusts an authority: signatures below it can be valid, and mail to its people can be encrypted.") { certificate, list, domain };
        add.SetAction((parsed, cancellationToken) => Node.RunAsync(provider =>
            AddAsync(provider, parsed.GetRequiredValue(certificate), parsed.GetValue(list), parsed.GetValue(domain), cancellationToken)));
        return new Command("trust", "Authorities of others that an organisation trusts.") { add };
    }

    private static async Task<int> AddAsync(
        IServiceProvider provider, FileInfo certificate, FileInfo? list, string? domain, CancellationToken cancellationToken)
    {
        if (await ChosenOrganisation.FindAsync(provider, domain, cancellationToken) is not { } organisation)
        {
            return 1;
        }

        var outcome = await provider.GetRequiredService<TrustedAuthorities>().AddAsync(
            new Actor.Portal(organisation.Id, "command-line"),
            await File.ReadAllBytesAsync(certificate.FullName, cancellationToken),
            list is null ? null : await File.ReadAllBytesAsync(list.FullName, cancellationToken),
            cancellationToken);
        return outcome switch
        {
            TrustAdding.Added added => await SayAsync(added, organisation),
            TrustAdding.NoCertificate => await RefuseAsync($"{certificate.Name} is not one certificate in PEM or DER."),
            TrustAdding.NoAuthority => await RefuseAsync($"{certificate.Name} is not the certificate of an authority that signed itself."),
            _ => await RefuseAsync($"{list?.Name} is not a revocation list of this authority."),
        };
    }

    private static async Task<int> SayAsync(TrustAdding.Added added, OrganisationName organisation)
    {
        await Console.Out.WriteLineAsync($"{organisation.Name} trusts {added.Subject}");
        await Console.Out.WriteLineAsync($"SHA-256 {added.Fingerprint}");
        await Console.Out.WriteLineAsync(added.RevocationRequired ? "A fresh revocation list is required." : "No revocation list is expected.");
        return 0;
    }

    private static async Task<int> RefuseAsync(string words)
    {
        await Console.Error.WriteLineAsync(words);
        return 1;
    }
}
