using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;

namespace Portal.Application.Checkpoints;

/// <summary>The second place: it takes lines, and is never asked to forget any.</summary>
internal sealed class CheckpointTarget(IHttpClientFactory clients, IOptions<CheckpointOptions> options)
{
    public const string Client = "checkpoints";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public bool IsConfigured => !string.IsNullOrWhiteSpace(options.Value.CheckpointTarget);

    /// <returns>Null when it is written; otherwise why not, in words.</returns>
    public async Task<string?> AppendAsync(string line, CancellationToken cancellationToken)
    {
        try
        {
            return options.Value.Address is { } address
                ? await PostAsync(address, line, cancellationToken)
                : await AppendToFileAsync(options.Value.File!, line, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or HttpRequestException)
        {
            return exception.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{options.Value.Address?.Host} does not answer.";
        }
    }

    private async Task<string?> PostAsync(Uri address, string line, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        using var client = clients.CreateClient(Client);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(line, Encoding.UTF8, "application/json") };
        if (options.Value.CheckpointToken is { Length: > 0 } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        return answer.IsSuccessStatusCode ? null : $"{address.Host} answered {(int)answer.StatusCode}.";
    }

    // Two nodes may share the file: each has it alone for one write. A line that a full disk cut short is taken back.
    private static async Task<string?> AppendToFileAsync(string path, string line, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0);
                var end = file.Seek(0, SeekOrigin.End);
                try
                {
                    await file.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), CancellationToken.None);
                    file.Flush(flushToDisk: true);
                    return null;
                }
                catch (IOException)
                {
                    file.SetLength(end);
                    throw;
                }
            }
            catch (IOException) when (attempt < 10 && File.Exists(path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20 * attempt), cancellationToken);
            }
        }
    }
}
