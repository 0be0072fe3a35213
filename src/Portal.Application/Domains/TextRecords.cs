using System.Net.Sockets;
using DnsClient;
using Microsoft.Extensions.Options;

namespace Portal.Application.Domains;

/// <summary>What the DNS says about one name.</summary>
internal abstract record TextAnswer
{
    /// <param name="Texts">The strings of each record put together; at most 32 records of at most 4096 characters.</param>
    public sealed record Found(IReadOnlyList<string> Texts) : TextAnswer;

    public sealed record NoRecord : TextAnswer;

    /// <summary>Nobody answered in time, or what came was no answer: nothing is known.</summary>
    public sealed record NoAnswer : TextAnswer;
}

/// <summary>Asks the DNS for TXT records (RFC 1035 §3.3.14); nothing is kept, and nothing hostile is more than no answer.</summary>
internal sealed class TextRecords
{
    private const int MostRecords = 32;
    private const int Longest = 4096;
    private readonly LookupClient _client;
    private readonly TimeSpan _patience;

    public TextRecords(IOptions<DomainOptions> options)
    {
        var endpoints = options.Value.Endpoints() ?? [];
        var choices = endpoints.Count == 0 ? new LookupClientOptions() : new LookupClientOptions([.. endpoints]);
        (choices.Retries, choices.Timeout, choices.UseCache) = (1, options.Value.Timeout, false);
        (choices.ContinueOnDnsError, choices.ThrowDnsErrors) = (true, false);
        _client = new LookupClient(choices);
        _patience = options.Value.Timeout * 3;
    }

    public async Task<TextAnswer> AskAsync(string name, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_patience);
        try
        {
            var answer = await _client.QueryAsync($"{name}.", QueryType.TXT, QueryClass.IN, deadline.Token);
            return answer.Header.ResponseCode switch
            {
                DnsHeaderResponseCode.NoError => Read(answer),
                DnsHeaderResponseCode.NotExistentDomain => new TextAnswer.NoRecord(),
                _ => new TextAnswer.NoAnswer(),
            };
        }
        catch (Exception exception) when (IsExpected(exception) && !cancellationToken.IsCancellationRequested)
        {
            return new TextAnswer.NoAnswer();
        }
    }

    private static TextAnswer Read(IDnsQueryResponse answer)
    {
        var texts = answer.Answers.TxtRecords()
            .Take(MostRecords)
            .Select(record => string.Concat(record.EscapedText))
            .Select(text => text.Length > Longest ? text[..Longest] : text)
            .ToList();
        return texts.Count == 0 ? new TextAnswer.NoRecord() : new TextAnswer.Found(texts);
    }

    // The client's own parser throws whatever it meets in a malformed answer.
    private static bool IsExpected(Exception exception) => exception is DnsResponseException or DnsResponseParseException or DnsXidMismatchException or SocketException or IOException
        or OperationCanceledException or TimeoutException or FormatException or ArgumentException or IndexOutOfRangeException or InvalidOperationException;
}
