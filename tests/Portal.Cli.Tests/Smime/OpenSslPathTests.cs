using System.Globalization;
using System.Text.RegularExpressions;

namespace Portal.Cli.Tests.Smime;

/// <summary>
/// The path-validation cases of openssl's own source, as Debian publishes it, through `portal smime certificate check`: what
/// openssl has to refuse is refused, but where that is no matter of the path, or of mail.
/// </summary>
public sealed partial class OpenSslPathTests
{
    /// <summary>By openssl's words for the case: accepted here, and why that is right.</summary>
    private static readonly Dictionary<string, string> NotOurs = new()
    {
        ["fail client purpose"] = "a purpose of TLS",
        ["fail partial chain with client purpose"] = "a purpose of TLS",
        ["fail client purpose intermediate trusted"] = "a purpose of TLS",
        ["fail server leaf purpose"] = "a purpose of TLS",
        ["fail client leaf purpose"] = "a purpose of TLS",
        ["reject non-ca with pathlen:0 with strict flag"] = "a demand on who issues, asked for by an option",
        ["reject X25519 EE cert in strict mode since AKID is missing"] = "a demand on who issues, asked for by an option",
        ["reject RSA 2048 root at auth level 3"] = "a strength that an option asks for",
        ["reject chain with verify_depth 0"] = "a depth that an option asks for",
        ["Name Constraints CNs not permitted"] = "a host's name in a common name, which RFC 5280 §4.2.1.10 does not constrain",
        ["Name Constraints CN hostname not permitted"] = "the same",
        ["Name Constraints CN BMPSTRING hostname not permitted"] = "the same",
        ["fail trusted Ed25519-signed self-issued X25519 cert"] = "it is the trusted certificate itself",
    };

    private static readonly string Source = Environment.GetEnvironmentVariable("PORTAL_TEST_OPENSSL_SOURCE")
        ?? throw new InvalidOperationException("PORTAL_TEST_OPENSSL_SOURCE is not set: infra/dev/servers.sh fetches it.");

    [Fact]
    public async Task Nothing_is_accepted_that_openssl_refuses()
    {
        var recipe = await File.ReadAllTextAsync(Path.Combine(Source, "test/recipes/25-test_verify.t"));
        var cases = Case().Matches(recipe).Select(Read).ToList();
        Assert.True(cases.Count > 150, $"Only {cases.Count} cases were read.");
        var (falselyAccepted, agreed) = (new List<string>(), 0);
        foreach (var one in cases)
        {
            var isValid = (await SmimeFiles.RunAsync(
            [
                "certificate", "check", FileOf(one.Certificate), "--purpose", "any",
                .. one.Trusted.SelectMany(name => (string[])["--trust", FileOf(name)]), .. one.Untrusted.SelectMany(name => (string[])["--intermediate", FileOf(name)]),
                .. one.At is { } at ? (string[])["--at", DateTimeOffset.FromUnixTimeSeconds(at).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)] : [],
            ])).Code == 0;
            agreed += isValid && !one.IsRefused ? 1 : 0;
            if (isValid && one.IsRefused)
            {
                falselyAccepted.Add(one.Words);
            }
        }

        Assert.Equal(NotOurs.Keys.Order(), falselyAccepted.Order());
        Assert.True(agreed > 20, $"Only {agreed} of what openssl accepts is accepted: it proves nothing that the rest is refused.");
    }

    [GeneratedRegex(""""ok(?:_nofips)?\((?<not>!?)verify\("(?<cert>[^"]*)",\s*"(?<purpose>[^"]*)",\s*(?<trusted>\[[^\]]*\]),\s*(?<untrusted>\[[^\]]*\])\s*(?<options>(?:,\s*"[^"]*")*),?\s*\),\s*"(?<words>[^"]*)"""")]
    private static partial Regex Case();

    [GeneratedRegex("""[\w+.-]+""")]
    private static partial Regex Word();

    private static PathCase Read(Match match)
    {
        var options = Words(match.Groups["options"].Value);
        var at = Array.IndexOf(options, "-attime");
        return new PathCase(
            match.Groups["not"].Length > 0,
            match.Groups["cert"].Value,
            match.Groups["purpose"].Value,
            Words(match.Groups["trusted"].Value),
            Words(match.Groups["untrusted"].Value),
            options,
            at < 0 ? null : long.Parse(options[at + 1], CultureInfo.InvariantCulture),
            match.Groups["words"].Value);
    }

    // Perl's qw(a b), or "a", "b".
    private static string[] Words(string list) => [.. Word().Matches(list).Select(one => one.Value).Where(one => one != "qw")];

    private static string FileOf(string name) => Path.Combine(Source, "test/certs", $"{name}.pem");

    private sealed record PathCase(bool IsRefused, string Certificate, string Purpose, string[] Trusted, string[] Untrusted, string[] Options, long? At, string Words);
}
