using System.CommandLine;
using Portal.Smime.Pkix;

namespace Portal.Cli.Smime;

internal static class CertificateCommand
{
    public static Command Make() => new("certificate", "Looks at single certificates.") { Check() };

    private static Verb Check()
    {
        var certificate = new Argument<FileInfo>("CERT") { CustomParser = Typed.File, Description = "The certificate, PEM or DER; of a file with several, the first." };
        var trusted = TrustFiles.Option();
        var intermediates = new Option<FileInfo[]>("--intermediate") { HelpName = "CERT", CustomParser = Typed.Files, Description = "Certificates that may stand between, PEM or DER; may be given several times." };
        var lists = TrustFiles.ListOption();
        var purpose = new Option<PathPurpose?>("--purpose") { HelpName = "email|any", CustomParser = Typed.OneOfLower<PathPurpose>, Description = "email, the default, or any: whether extended key usage has to allow mail, here and above." };
        purpose.CompletionSources.Add("email", "any");
        var policies = new Option<string[]>("--policy") { HelpName = "OID", CustomParser = LabelOption.ObjectIdentifiers, Description = "A certificate policy that is acceptable; may be given several times. Any, unless given." };
        var explicitPolicy = new Option<bool>("--explicit-policy") { Description = "The path has to be valid for one of the policies." };
        var inhibitMapping = new Option<bool>("--inhibit-mapping") { Description = "No policy mapping on the path." };
        var inhibitAny = new Option<bool>("--inhibit-any") { Description = "anyPolicy matches nothing." };
        var at = OpenCommand.AtOption("Judges as of then, such as 2026-01-31T08:00:00Z; a date alone is its beginning, in UTC. Now unless given.");
        var check = new Verb(
            "check",
            "Looks for a path to a trusted authority (RFC 5280), and says which certificate fails what.",
            "portal smime certificate check bob.pem --trust root.pem --intermediate issuing.pem --crl issuing.crl --crl root.crl",
            "portal smime certificate check bob.pem --trust root.pem --policy 1.2.3.4 --explicit-policy --json")
        {
            certificate, trusted, intermediates, lists, purpose, policies, explicitPolicy, inhibitMapping, inhibitAny, at,
        };
        check.SetAction((parsed, cancellationToken) => SmimeCommand.RunAsync(parsed, async voice =>
        {
            var revocationLists = parsed.GetValue(lists) ?? [];
            var trust = await TrustFiles.ReadAsync(parsed.GetValue(trusted) ?? [], parsed.GetValue(intermediates) ?? [], revocationLists, cancellationToken);
            var subject = (await TrustFiles.CertificatesAsync(parsed.GetRequiredValue(certificate), cancellationToken))[0];
            var requirements = new PathRequirements
            {
                Purpose = parsed.GetValue(purpose) ?? PathPurpose.Email,
                Policies = parsed.GetValue(policies) is { Length: > 0 } given ? given : [PathRequirements.AnyPolicy],
                RequireExplicitPolicy = parsed.GetValue(explicitPolicy),
                InhibitPolicyMapping = parsed.GetValue(inhibitMapping),
                InhibitAnyPolicy = parsed.GetValue(inhibitAny),
            };
            var moment = parsed.GetValue(at) ?? TimeProvider.System.GetUtcNow();
            var validation = PathValidator.Validate(subject, trust, [], moment, requirements);
            var report = PathReport.Of(subject, validation, revocationLists.Length > 0, moment);
            return report.Valid ? await voice.TellAsync(report, report.Lines()) : await voice.WarnAsync(report, report.Lines());
        }));
        return check;
    }
}
