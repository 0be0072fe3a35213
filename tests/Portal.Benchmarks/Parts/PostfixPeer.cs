using System.Diagnostics;
using System.Globalization;
using Portal.Testing;

namespace Portal.Benchmarks.Parts;

/// <summary>A mail server that takes mail, writes it down and hands it on: what the outbox does, without cryptography.</summary>
internal static class PostfixPeer
{
    private const double TicksPerSecond = 100;

    /// <summary>Where it hands mail to sink.test on.</summary>
    public static int SinkPort => int.Parse(TestServers.Get("PORTAL_TEST_SINK_PORT"), CultureInfo.InvariantCulture);

    /// <returns>Until its queue is empty again; seconds of CPU of all its processes.</returns>
    public static async Task<(double Seconds, double Cpu)> RelayAsync(int bytes, int times)
    {
        var configuration = TestServers.Get("PORTAL_TEST_POSTFIX");
        var queue = await CmsPeer.RunAsync("postconf", "-c", configuration, "-h", "queue_directory");
        var master = (await CmsPeer.RunAsync("cat", Path.Combine(queue.Trim(), "pid", "master.pid"))).Trim();
        var (began, cpu) = (Stopwatch.GetTimestamp(), Cpu(master));
        await CmsPeer.RunAsync(
            "smtp-source", "-s", "4", "-m", $"{times}", "-l", bytes.ToString(CultureInfo.InvariantCulture), "-f", "peer@outside.test", "-t", "peer@sink.test", $"127.0.0.1:{TestServers.SmtpPort}");
        while ((await CmsPeer.RunAsync("postqueue", "-c", configuration, "-j")).Length > 0)
        {
            await Task.Delay(20);
        }

        return (Stopwatch.GetElapsedTime(began).TotalSeconds, Cpu(master) - cpu);
    }

    // Its own, of children that ended, and of those that live (proc(5): utime, stime, cutime, cstime).
    private static double Cpu(string master)
    {
        var own = Times(master);
        var living = Directory.EnumerateDirectories("/proc")
            .Where(path => int.TryParse(Path.GetFileName(path), out _))
            .Select(path => Times(Path.GetFileName(path)))
            .Where(times => times.Parent == master)
            .Sum(times => times.Own);
        return (own.Own + own.Children + living) / TicksPerSecond;
    }

    private static (string Parent, long Own, long Children) Times(string process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[1], Ticks(11) + Ticks(12), Ticks(13) + Ticks(14));

            long Ticks(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It has ended.
            return ("", 0, 0);
        }
    }
}
