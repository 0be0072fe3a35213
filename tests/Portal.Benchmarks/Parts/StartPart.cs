using System.Diagnostics;
using Portal.Benchmarks.Circuits;
using Portal.Testing;

namespace Portal.Benchmarks.Parts;

/// <summary>From the command to /health/ready, on a database that is there.</summary>
internal sealed class StartPart : IPart
{
    private const int Times = 5;

    public string Name => "start";

    public async Task<IReadOnlyList<Figure>> MeasureAsync(Action<string> say)
    {
        await using var inside = await BenchPortal.StartAsync(("Portal:Transport:ServerAuthorities", TestServers.Authority));
        await inside.EnrolAsync(await inside.FoundAsync(), "alice@example.test");
        var taken = new List<double>();
        var memory = 0L;
        for (var i = 0; i < Times; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await using var process = await PortalProcess.StartAsync(RunningPortal.Settings(inside));
            taken.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            memory = Machine.Resident(process.Id);
        }

        return
        [
            new Figure("start to ready, PostgreSQL, median", new Samples(taken).Median, "s"),
            new Figure("memory when ready", memory / 1048576.0, "MB"),
        ];
    }
}
