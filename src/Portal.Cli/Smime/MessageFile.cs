using System.Text;

namespace Portal.Cli.Smime;

/// <summary>A message as it lies in a file: RFC 5322, or a bare CMS structure in DER or PEM.</summary>
internal static class MessageFile
{
    private const byte Sequence = 0x30;
    private const byte ObjectIdentifier = 0x06;
    private const string Header = "Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n";

    /// <exception cref="IOException">In words: there is none.</exception>
    public static async Task<Stream> OpenAsync(FileInfo file, CancellationToken cancellationToken)
    {
        var stream = NamedFile.ToRead(file).OpenRead();
        var beginning = new byte["-----BEGIN".Length];
        var read = await stream.ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, cancellationToken);
        stream.Position = 0;
        if (IsContentInfo(beginning.AsSpan(0, read)))
        {
            await using (stream)
            {
                return await WrapAsync(Convert.ToBase64String(await File.ReadAllBytesAsync(file.FullName, cancellationToken), Base64FormattingOptions.InsertLineBreaks));
            }
        }

        if (read == beginning.Length && beginning.AsSpan().SequenceEqual("-----BEGIN"u8))
        {
            await using (stream)
            {
                var lines = (await File.ReadAllLinesAsync(file.FullName, cancellationToken)).SkipWhile(line => !line.StartsWith("-----BEGIN", StringComparison.Ordinal)).Skip(1);
                return await WrapAsync(string.Join("\r\n", lines.TakeWhile(line => !line.StartsWith("-----END", StringComparison.Ordinal))));
            }
        }

        return stream;
    }

    // A SEQUENCE whose first element is an OBJECT IDENTIFIER.
    private static bool IsContentInfo(ReadOnlySpan<byte> beginning)
    {
        if (beginning.Length < 2 || beginning[0] != Sequence)
        {
            return false;
        }

        var lengthOctets = beginning[1] > 0x80 ? beginning[1] & 0x7f : 0;
        return 2 + lengthOctets < beginning.Length && beginning[2 + lengthOctets] == ObjectIdentifier;
    }

    private static Task<Stream> WrapAsync(string base64) => Task.FromResult<Stream>(new MemoryStream(Encoding.ASCII.GetBytes($"{Header}{base64}\r\n")));
}
