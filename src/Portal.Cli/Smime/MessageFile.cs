using System.Text;
using Portal.Smime.Mime;

namespace Portal.Cli.Smime;

/// <summary>A message as it lies in a file: RFC 5322, or a bare CMS structure in DER or PEM.</summary>
internal static class MessageFile
{
    private const byte Sequence = 0x30;
    private const byte ObjectIdentifier = 0x06;
    private const string PemBegin = "-----BEGIN";
    private const string PemEnd = "-----END";

    /// <exception cref="IOException">In words: there is none.</exception>
    public static async Task<Stream> OpenAsync(FileInfo file, CancellationToken cancellationToken)
    {
        var stream = NamedFile.ToRead(file).OpenRead();
        var beginning = new byte[PemBegin.Length];
        var read = await stream.ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, cancellationToken);
        stream.Position = 0;
        if (IsContentInfo(beginning.AsSpan(0, read)))
        {
            await using (stream)
            {
                return await WrapAsync("binary", wrapped => stream.CopyToAsync(wrapped, cancellationToken), cancellationToken);
            }
        }

        if (beginning.AsSpan(0, read).SequenceEqual(Encoding.ASCII.GetBytes(PemBegin)))
        {
            await using (stream)
            {
                return await WrapAsync("base64", wrapped => CopyPemAsync(stream, wrapped, cancellationToken), cancellationToken);
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

    private static async Task<Stream> WrapAsync(string transferEncoding, Func<Stream, Task> copy, CancellationToken cancellationToken)
    {
        var wrapped = new Spool();
        try
        {
            await wrapped.WriteAsync(
                Encoding.ASCII.GetBytes($"Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: {transferEncoding}\r\n\r\n"),
                cancellationToken);
            await copy(wrapped);
            await wrapped.CompleteAsync(cancellationToken);
            return wrapped;
        }
        catch
        {
            await wrapped.DisposeAsync();
            throw;
        }
    }

    private static async Task CopyPemAsync(Stream pem, Stream base64, CancellationToken cancellationToken)
    {
        using var lines = new StreamReader(pem, Encoding.ASCII, leaveOpen: true);
        await lines.ReadLineAsync(cancellationToken);
        while (await lines.ReadLineAsync(cancellationToken) is { } line && !line.StartsWith(PemEnd, StringComparison.Ordinal))
        {
            await base64.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), cancellationToken);
        }
    }
}
