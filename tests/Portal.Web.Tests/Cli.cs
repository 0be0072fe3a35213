using Portal.Testing;

namespace Portal.Web.Tests;

/// <summary>What the operator's command line says.</summary>
internal static class Cli
{
    /// <returns>Both channels.</returns>
    public static async Task<string> RunAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var answer = await PortalCli.RunAsync(settings, arguments);
        return answer.Output + answer.Error;
    }
}
