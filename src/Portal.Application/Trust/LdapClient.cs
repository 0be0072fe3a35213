using System.Formats.Asn1;
using System.Net.Security;
using System.Text;
using Portal.Application.Transport;

namespace Portal.Application.Trust;

/// <summary>What an LDAP server said, or did not.</summary>
internal sealed class LdapException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Binds and searches (RFC 4511), over a connection that goes only where the portal may: libraries look names up by themselves, and
/// would be led into a private network.
/// </summary>
internal sealed class LdapClient : IDisposable
{
    private const int LargestMessage = 1024 * 1024;
    private const int MostEntries = 10;
    private const int MostMessages = 100;
    private const int Version = 3;

    private static readonly Asn1Tag BindRequest = new(TagClass.Application, 0, isConstructed: true);
    private static readonly Asn1Tag BindResponse = new(TagClass.Application, 1, isConstructed: true);
    private static readonly Asn1Tag UnbindRequest = new(TagClass.Application, 2);
    private static readonly Asn1Tag SearchRequest = new(TagClass.Application, 3, isConstructed: true);
    private static readonly Asn1Tag SearchEntry = new(TagClass.Application, 4, isConstructed: true);
    private static readonly Asn1Tag SearchDone = new(TagClass.Application, 5, isConstructed: true);
    private static readonly Asn1Tag ExtendedRequest = new(TagClass.Application, 23, isConstructed: true);
    private static readonly Asn1Tag ExtendedResponse = new(TagClass.Application, 24, isConstructed: true);
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context3 = new(TagClass.ContextSpecific, 3, isConstructed: true);

    private Stream _stream;
    private int _message;

    private LdapClient(Stream stream) => _stream = stream;

    public void Dispose() => _stream.Dispose();

    /// <exception cref="LdapException">In words.</exception>
    public static async Task<LdapClient> ConnectAsync(Reach reach, ServerTrust trust, LdapSettings settings, CancellationToken cancellationToken)
    {
        var socket = await reach.ConnectAsync(settings.Host, settings.Port, cancellationToken);
        var client = new LdapClient(new System.Net.Sockets.NetworkStream(socket, ownsSocket: true));
        try
        {
            if (settings.Tls == TlsMode.StartTls)
            {
                await client.StartTlsAsync(cancellationToken);
            }

            if (settings.Tls != TlsMode.None)
            {
                var secured = new SslStream(client._stream, leaveInnerStreamOpen: false, trust.Accepts);
                client._stream = secured;
                await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = settings.Host }, cancellationToken);
            }

            await client.BindAsync(settings.BindName, settings.BindPassword, cancellationToken);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <param name="baseName">Distinguished name below which is looked.</param>
    /// <param name="address">Equal to a value of mail.</param>
    /// <param name="attributes">That are wanted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>All values of those attributes, of the first few entries.</returns>
    /// <exception cref="LdapException">In words.</exception>
    public async Task<IReadOnlyList<byte[]>> SearchAsync(string baseName, string address, IReadOnlyList<string> attributes, CancellationToken cancellationToken)
    {
        const int wholeSubtree = 2;
        const int seconds = 5;
        await SendAsync(SearchRequest, request =>
        {
            Write(request, baseName);
            request.WriteEnumeratedValue((Scope)wholeSubtree);
            request.WriteEnumeratedValue((Dereferencing)0);
            request.WriteInteger(MostEntries);
            request.WriteInteger(seconds);
            request.WriteBoolean(false);
            using (request.PushSequence(Context3))
            {
                Write(request, "mail");
                Write(request, address);
            }

            using (request.PushSequence())
            {
                foreach (var attribute in attributes)
                {
                    Write(request, attribute);
                }
            }
        }, cancellationToken);
        var (values, messages) = (new List<byte[]>(), 0);
        while (true)
        {
            var answer = await ReceiveAsync(cancellationToken);
            if (answer.PeekTag() == SearchDone)
            {
                Demand(answer.ReadSequence(SearchDone));
                return values;
            }

            if (answer.PeekTag() == SearchEntry)
            {
                ReadEntry(answer.ReadSequence(SearchEntry), values);
            }

            // Whatever it was asked for, it may send without an end.
            if (++messages > MostMessages || values.Sum(one => one.Length) > LargestMessage)
            {
                throw new LdapException("Its answer is too large.");
            }
        }
    }

    /// <summary>Says good-bye.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) => SendAsync(request => request.WriteNull(UnbindRequest), cancellationToken);

    private async Task StartTlsAsync(CancellationToken cancellationToken)
    {
        await SendAsync(ExtendedRequest, request => request.WriteOctetString("1.3.6.1.4.1.1466.20037"u8, Context0), cancellationToken);
        var answer = await ReceiveAsync(cancellationToken);
        Demand(answer.ReadSequence(ExtendedResponse));
    }

    private async Task BindAsync(string? name, string? password, CancellationToken cancellationToken)
    {
        await SendAsync(BindRequest, request =>
        {
            request.WriteInteger(Version);
            Write(request, name ?? string.Empty);
            request.WriteOctetString(Encoding.UTF8.GetBytes(password ?? string.Empty), Context0);
        }, cancellationToken);
        var answer = await ReceiveAsync(cancellationToken);
        Demand(answer.ReadSequence(BindResponse));
    }

    private static void ReadEntry(AsnReader entry, List<byte[]> values)
    {
        entry.ReadOctetString();
        var attributes = entry.ReadSequence();
        while (attributes.HasData)
        {
            var attribute = attributes.ReadSequence();
            attribute.ReadOctetString();
            var set = attribute.ReadSetOf(skipSortOrderValidation: true);
            while (set.HasData)
            {
                values.Add(set.ReadOctetString());
            }
        }
    }

    private static void Demand(AsnReader result)
    {
        const int success = 0;
        const int sizeLimitExceeded = 4;
        const int noSuchObject = 32;
        var code = result.ReadEnumeratedBytes().Span[0];
        result.ReadOctetString();
        var words = PlainText.Line(Encoding.UTF8.GetString(result.ReadOctetString()));
        if (code is not (success or sizeLimitExceeded or noSuchObject))
        {
            throw new LdapException($"LDAP {code}{(words.Length > 0 ? $": {words}" : string.Empty)}");
        }
    }

    private Task SendAsync(Asn1Tag kind, Action<AsnWriter> write, CancellationToken cancellationToken) => SendAsync(
        request =>
        {
            using (request.PushSequence(kind))
            {
                write(request);
            }
        },
        cancellationToken);

    private async Task SendAsync(Action<AsnWriter> write, CancellationToken cancellationToken)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(++_message);
            write(writer);
        }

        await _stream.WriteAsync(writer.Encode(), cancellationToken);
    }

    /// <returns>The operation of the next message.</returns>
    private async Task<AsnReader> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            var head = new byte[6];
            await _stream.ReadExactlyAsync(head.AsMemory(0, 2), cancellationToken);
            var octets = head[1] < 0x80 ? 0 : head[1] & 0x7f;
            if (head[0] != 0x30 || octets > 4)
            {
                throw new LdapException("It does not speak LDAP.");
            }

            await _stream.ReadExactlyAsync(head.AsMemory(2, octets), cancellationToken);
            var length = octets == 0 ? head[1] : head.AsSpan(2, octets).ToArray().Aggregate(0L, (sum, octet) => (sum << 8) | octet);
            if (length is <= 0 or > LargestMessage)
            {
                throw new LdapException("Its answer is too large.");
            }

            var content = new byte[length];
            await _stream.ReadExactlyAsync(content, cancellationToken);
            var fields = new AsnReader(content, AsnEncodingRules.BER);
            fields.ReadInteger();
            return fields;
        }
        catch (AsnContentException exception)
        {
            throw new LdapException("It does not speak LDAP.", exception);
        }
    }

    private static void Write(AsnWriter writer, string text) => writer.WriteOctetString(Encoding.UTF8.GetBytes(text));

    private enum Scope
    {
        BaseObject,
        SingleLevel,
        WholeSubtree,
    }

    private enum Dereferencing
    {
        Never,
    }
}
