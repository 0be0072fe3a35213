using System.Globalization;
using System.Runtime.InteropServices;

namespace Portal.Benchmarks;

internal static class Machine
{
    public static string Describe()
    {
        var model = Line("/proc/cpuinfo", "model name");
        var memory = Line("/proc/meminfo", "MemTotal").Split(' ')[0];
        var gigabytes = long.TryParse(memory, out var kilobytes) ? kilobytes / 1024 / 1024 : 0;
        var load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} × {model}, {gigabytes} GB, {RuntimeInformation.OSDescription}, .NET {Environment.Version}, load {load} at the start, {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC");
    }

    /// <summary>Bytes that a process has in memory.</summary>
    public static long Resident(int process) => Status(process, "VmRSS");

    /// <summary>The most that it ever had.</summary>
    public static long Peak(int process) => Status(process, "VmHWM");

    /// <summary>By a process, on all processors, in it and in the system on its behalf (proc(5): in hundredths of a second).</summary>
    public static TimeSpan Computed(int process)
    {
        var fields = File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return TimeSpan.FromMilliseconds(10 * (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)));
    }

    /// <summary>The most that a process gains while something runs, in bytes.</summary>
    public static async Task<long> GainAsync(int process, Func<Task> act)
    {
        // Forgets the highest mark so far (proc(5)).
        await File.WriteAllTextAsync($"/proc/{process}/clear_refs", "5");
        var idle = Resident(process);
        await act();
        return Peak(process) - idle;
    }

    private static long Status(int process, string field) =>
        long.Parse(Line($"/proc/{process}/status", field).Split(' ')[0], CultureInfo.InvariantCulture) * 1024;

    private static string Line(string file, string field) => File.Exists(file)
        ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "?"
        : "?";
}
