using System.Text;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

/// <summary>Every rule accepts something and refuses something, and openssl agrees, or it is written down why not.</summary>
public sealed class PathValidatorTests
{
    private static readonly Dictionary<string, PathCase> Cases =
        new[] { BasicPathCases.All(), NamePathCases.All(), PolicyPathCases.All(), ListPathCases.All() }.SelectMany(all => all).ToDictionary(one => one.Name);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_outcome_is_the_standard_s(string name)
    {
        var expected = Cases[name];
        var validation = expected.Validate();

        var attempts = string.Join("; ", validation.Attempts.Select(attempt => $"{string.Join(" < ", attempt.Path.Select(one => one.Subject))}: {attempt.Certificate.Subject} {attempt.Failure}"));
        Assert.True(Outcome(validation) == (expected.IsRevoked ? "Revoked" : $"{expected.Failure}"), $"{Outcome(validation)}: {attempts}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Openssl_agrees(string name)
    {
        var one = Cases[name];
        using var bench = new Workbench();
        var (exitCode, _, words) = await bench.TryAsync([.. Arguments(one, bench)]);

        var isValid = one.Failure is null && !one.IsRevoked;
        Assert.True((exitCode == 0 == isValid) == (one.Difference is null), $"openssl: {(exitCode == 0 ? "valid" : words)}");
    }

    private static string Outcome(PathValidation validation) => validation switch
    {
        PathValidation.Revoked => "Revoked",
        PathValidation.Invalid invalid => $"{invalid.Failure}",
        _ => string.Empty,
    };

    private static List<string> Arguments(PathCase one, Workbench bench)
    {
        List<string> arguments =
        [
            "verify", "-no-CApath", "-no-CAstore", "-auth_level", "2",
            "-CAfile", bench.Write("anchors.pem", Pem(one.Anchors)),
            "-untrusted", bench.Write("between.pem", Pem(one.Between)),
            "-attime", $"{one.At.ToUnixTimeSeconds()}",
            "-purpose", one.Requirements.Purpose == PathPurpose.Email ? "smimesign" : "any",
        ];
        foreach (var policy in one.Requirements.Policies)
        {
            arguments.AddRange(["-policy", policy]);
        }

        arguments.AddRange(Flags(
            (true, "-policy_check"),
            (one.Requirements.RequireExplicitPolicy, "-explicit_policy"),
            (one.Requirements.InhibitPolicyMapping, "-inhibit_map"),
            (one.Requirements.InhibitAnyPolicy, "-inhibit_any"),
            (one.Lists.Count > 0, "-crl_check_all"),
            (one.Lists.Count > 0, "-extended_crl"),
            (one.Lists.Count > 0, "-use_deltas")));
        if (one.Lists.Count > 0)
        {
            var lists = string.Concat(one.Lists.Select(list => $"-----BEGIN X509 CRL-----\n{Convert.ToBase64String(list, Base64FormattingOptions.InsertLineBreaks)}\n-----END X509 CRL-----\n"));
            arguments.AddRange(["-CRLfile", bench.Write("lists.pem", Encoding.ASCII.GetBytes(lists))]);
        }

        arguments.Add(bench.Write("target.pem", Workbench.Pem(one.Target)));
        return arguments;
    }

    private static IEnumerable<string> Flags(params (bool Given, string Flag)[] flags) => flags.Where(flag => flag.Given).Select(flag => flag.Flag);

    private static byte[] Pem(IReadOnlyList<Holder> holders) => [.. holders.SelectMany(holder => Workbench.Pem(holder.Certificate))];
}
