namespace Portal.Smime.Cms;

/// <summary>Decrypts content piece by piece. What was written may be looked at only after <see cref="TryFinish"/> said true.</summary>
internal interface IContentDecryption : IDisposable
{
    /// <param name="input">Any number of bytes.</param>
    /// <param name="output">At least one block longer than the input.</param>
    /// <returns>Bytes written.</returns>
    int Update(ReadOnlySpan<byte> input, Span<byte> output);

    /// <param name="output">At least one block.</param>
    /// <param name="written">Bytes of the last block.</param>
    /// <returns>False when tag or padding are wrong.</returns>
    bool TryFinish(Span<byte> output, out int written);
}
