using System.Text;

namespace Portal.Testing;

/// <summary>Looks for planted words wherever bytes are kept, in every form that software usually writes them.</summary>
public static class CanarySearch
{
    /// <returns>File and form of each find.</returns>
    public static async Task<IReadOnlyList<string>> FindAsync(IEnumerable<string> canaries, params string[] directories)
    {
        var forms = canaries.SelectMany(Forms).ToList();
        var finds = new List<string>();
        foreach (var file in directories.SelectMany(directory => Directory.EnumerateFiles(directory, "*", Everything)))
        {
            // Pipes and sockets have no length, and reading them waits for ever.
            if (new FileInfo(file) is { Exists: false } or { Length: 0 })
            {
                continue;
            }

            byte[] bytes;
            try
            {
                bytes = await File.ReadAllBytesAsync(file);
            }
            catch (FileNotFoundException)
            {
                // Gone since it was listed.
                continue;
            }

            finds.AddRange(forms.Where(form => bytes.AsSpan().IndexOf(form.Bytes) >= 0).Select(form => $"{file}: {form.Name}"));
        }

        return finds;
    }

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device,
        IgnoreInaccessible = false,
    };

    private static IEnumerable<(string Name, byte[] Bytes)> Forms(string canary)
    {
        var bytes = Encoding.UTF8.GetBytes(canary);
        yield return ($"{canary} as UTF-8", bytes);
        yield return ($"{canary} as UTF-16", Encoding.Unicode.GetBytes(canary));
        yield return ($"{canary} as hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexString(bytes)));
        yield return ($"{canary} as hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes)));
        for (var shift = 0; shift < 3; shift++)
        {
            // What stands before it shifts the groups of three; the first and last characters mix with neighbours.
            var encoded = Convert.ToBase64String([.. new byte[shift], .. bytes]);
            var from = shift == 0 ? 0 : 4;
            var until = encoded.Length - 4;
            yield return ($"{canary} as base64", Encoding.ASCII.GetBytes(encoded[from..until]));
        }
    }
}
