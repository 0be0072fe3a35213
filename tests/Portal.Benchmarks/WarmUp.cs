using System.Runtime;

namespace Portal.Benchmarks;

/// <summary>Runs something until what runs often is compiled for that: a server is warm for weeks, and cold for a minute.</summary>
internal static class WarmUp
{
    private const int MostRounds = 12;
    private const int Few = 100;

    public static async Task RunAsync(Func<Task> round)
    {
        for (var i = 0; i < MostRounds; i++)
        {
            var compiled = JitInfo.GetCompiledMethodCount();
            await round();
            if (JitInfo.GetCompiledMethodCount() - compiled < Few)
            {
                return;
            }
        }
    }
}
