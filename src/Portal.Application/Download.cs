namespace Portal.Application;


/// <param name="FileName">Safe to save under.</param>
/// <param name="MediaType">As the message says.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Content">From its beginning.</param>
public sealed record Download(string FileName, string MediaType, long Length, Stream Content) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
