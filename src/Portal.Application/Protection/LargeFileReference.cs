namespace Portal.Application.Protection;

/// <summary>What a signed body says of a file that travels beside its message.</summary>
/// <param name="FileName">As its sender calls it.</param>
/// <param name="MediaType">As its sender's browser said.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Of the bytes.</param>
/// <param name="Key">Finds the file and opens it.</param>
internal sealed record LargeFileReference(string FileName, string MediaType, long Length, byte[] Sha256, byte[] Key)
{
    public override string ToString() => nameof(LargeFileReference);
}
