using System.Text;
using System.Text.RegularExpressions;
using Portal.Smime.Mime;

namespace Portal.Cli.Smime;

/// <summary>A message as it lies in a file: RFC 5322, or a bare CMS structure in DER or PEM.</summary>
internal static partial class MessageFile
{
    private const int Beginning = 64 * 1024;
    private const byte Sequence = 0x30;
    private const byte ObjectIdentifier = 0x06;
    private const byte Dash = (byte)'-';
    private const string ByteOrderMark = "\u00ef\u00bb\u00bf";

    /// <exception cref="IOException">In words: there is none, or it is something else.</exception>
    public static Task<Stream> OpenAsync(FileInfo file, CancellationToken cancellationToken) => OpenAsync(
        file,
        async (stream, beginning) =>
        {
            if (IsContentInfo(beginning.Span))
            {
                return await CopyAsync(stream, Head("binary"), isPem: false, file.Name, cancellationToken);
            }

            var text = Encoding.Latin1.GetString(beginning.Span);
            if (PemLabel().Match(text) is { Success: true } pem)
            {
                DemandCms(file.Name, pem.Groups["label"].Value);
                stream.Position = pem.Length;
                return await CopyAsync(stream, Head("base64"), isPem: true, file.Name, cancellationToken);
            }

            DemandHeader(file.Name, text);
            return stream;
        },
        cancellationToken);

    /// <summary>As somebody wrote it: nothing but a message will do.</summary>
    /// <exception cref="IOException">In words: there is none, or it is something else.</exception>
    public static Task<Stream> OpenWrittenAsync(FileInfo file, CancellationToken cancellationToken) => OpenAsync(
        file,
        (stream, beginning) =>
        {
            DemandHeader(file.Name, Encoding.Latin1.GetString(beginning.Span));
            return Task.FromResult(stream);
        },
        cancellationToken);

    private static async Task<Stream> OpenAsync(FileInfo file, Func<Stream, ReadOnlyMemory<byte>, Task<Stream>> take, CancellationToken cancellationToken)
    {
        Stream stream = NamedFile.ToRead(file).OpenRead();
        Stream? taken = null;
        try
        {
            stream = stream.CanSeek ? stream : await CopyPipeAsync(stream, file.Name, cancellationToken);
            var beginning = new byte[Beginning];
            var length = await stream.ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, cancellationToken);
            stream.Position = 0;
            taken = await take(stream, beginning.AsMemory(0, length));
            return taken;
        }
        finally
        {
            if (taken != stream)
            {
                await stream.DisposeAsync();
            }
        }
    }

    // A message begins with a header; in mbox a line stands before it.
    private static void DemandHeader(string name, string beginning)
    {
        if (!FirstField().IsMatch(beginning))
        {
            throw new IOException(beginning switch
            {
                "" => $"{name} is empty.",
                _ when beginning.StartsWith(ByteOrderMark, StringComparison.Ordinal) => $"{name} is no message as it stands, with a byte order mark (EF BB BF) before it: save it without one.",
                [(char)Sequence, ..] => $"{name} is no message, and no CMS structure in DER: a certificate perhaps, a request for one, or a file with keys.",
                _ => $"{name} is no message: a message begins with a header, such as From: and Subject:, and after an empty line has its text.",
            });
        }
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

    private static void DemandCms(string name, string label)
    {
        if (label is not ("CMS" or "PKCS7" or "PKCS #7 SIGNED DATA"))
        {
            throw new IOException(label switch
            {
                "CERTIFICATE" => $"{name} is a certificate, no message: `portal smime certificate check` looks at it.",
                _ when label.EndsWith("PRIVATE KEY", StringComparison.Ordinal) => $"{name} is a private key, no message: `openssl pkcs12 -export` makes a file of it that --key takes.",
                _ => $"{name} is a {label} in PEM, no message.",
            });
        }
    }

    // What comes through a pipe comes once.
    private static async Task<Stream> CopyPipeAsync(Stream pipe, string name, CancellationToken cancellationToken)
    {
        await using (pipe)
        {
            return await CopyAsync(pipe, string.Empty, isPem: false, name, cancellationToken);
        }
    }

    // At most what is opened at all. PEM ends with a dash, which base64 does not have (RFC 7468 §3).
    private static async Task<Stream> CopyAsync(Stream source, string head, bool isPem, string name, CancellationToken cancellationToken)
    {
        var copy = new Spool();
        try
        {
            await copy.WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken);
            var buffer = new byte[Beginning];
            var end = -1;
            while (end < 0 && await source.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                end = isPem ? buffer.AsSpan(0, read).IndexOf(Dash) : -1;
                await copy.WriteAsync(buffer.AsMemory(0, end < 0 ? read : end), cancellationToken);
                if (copy.Length > OpeningLimits.Default.MessageBytes)
                {
                    throw new IOException($"{name} is longer than {OpeningLimits.Default.MessageBytes} bytes.");
                }
            }

            await copy.CompleteAsync(cancellationToken);
            return copy;
        }
        catch
        {
            await copy.DisposeAsync();
            throw;
        }
    }

    private static string Head(string transferEncoding) => $"Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: {transferEncoding}\r\n\r\n";

    [GeneratedRegex(@"\A-----BEGIN (?<label>[A-Z0-9 #]+)-----[ \t]*")]
    private static partial Regex PemLabel();

    [GeneratedRegex(@"\A(From [^\r\n]*\r?\n)?[!-9;-~]+[ \t]*:")]
    private static partial Regex FirstField();
}
