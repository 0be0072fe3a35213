namespace Portal.Testing;

/// <summary>The long forms of tests: `./test.sh --nightly`.</summary>
public static class Nightly
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("PORTAL_TEST_NIGHTLY") == "1";
}
