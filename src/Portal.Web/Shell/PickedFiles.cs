using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;

namespace Portal.Web.Shell;

/// <summary>What a person chose in a file field.</summary>
internal static class PickedFiles
{
    /// <summary>Reads a file whole.</summary>
    /// <param name="file">The file.</param>
    /// <param name="largest">The most it may have, in bytes.</param>
    /// <returns>Its bytes, or null: it is larger, or did not arrive.</returns>
    public static async Task<byte[]?> ReadAsync(this IBrowserFile file, int largest)
    {
        try
        {
            using var bytes = new MemoryStream();
            await using var stream = file.OpenReadStream(largest);
            await stream.CopyToAsync(bytes);
            return bytes.ToArray();
        }
        catch (Exception exception) when (exception is IOException or JSException or OperationCanceledException)
        {
            return null;
        }
    }
}
