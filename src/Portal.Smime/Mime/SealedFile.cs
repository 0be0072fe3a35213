using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Portal.Smime.Mime;

/// <summary>A temporary file of sealed chunks under a key that exists only in this object. Gone, key and file, when disposed.</summary>
internal sealed class SealedFile : IDisposable
{
    private const int TagLength = 16;
    private const int NonceLength = 12;

    private readonly AesGcm _cipher;
    private readonly FileStream _file;
    private readonly int _chunkLength;
    private readonly byte[] _sealed;

    /// <param name="chunkLength">Plaintext bytes of every chunk but the last.</param>
    public SealedFile(int chunkLength)
    {
        _chunkLength = chunkLength;
        _sealed = new byte[chunkLength + TagLength];
        Span<byte> key = stackalloc byte[32];
        RandomNumberGenerator.Fill(key);
        _cipher = new AesGcm(key, TagLength);
        CryptographicOperations.ZeroMemory(key);
        _file = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), Options());
        if (!OperatingSystem.IsWindows())
        {
            // Open and without a name: it is gone however the process ends.
            File.Delete(_file.Name);
        }
    }

    private SafeFileHandle Handle => _file.SafeFileHandle;

    public async ValueTask WriteAsync(int index, ReadOnlyMemory<byte> plaintext, CancellationToken cancellationToken)
    {
        Seal(index, plaintext.Span);
        await RandomAccess.WriteAsync(Handle, _sealed.AsMemory(0, plaintext.Length + TagLength), Offset(index), cancellationToken);
    }

    public async ValueTask ReadAsync(int index, Memory<byte> plaintext, CancellationToken cancellationToken)
    {
        var wanted = _sealed.AsMemory(0, plaintext.Length + TagLength);
        var read = 0;
        while (read < wanted.Length)
        {
            var count = await RandomAccess.ReadAsync(Handle, wanted[read..], Offset(index) + read, cancellationToken);
            read += count > 0 ? count : throw new EndOfStreamException();
        }

        Open(index, plaintext.Span);
    }

    public void Read(int index, Span<byte> plaintext)
    {
        var wanted = _sealed.AsSpan(0, plaintext.Length + TagLength);
        var read = 0;
        while (read < wanted.Length)
        {
            var count = RandomAccess.Read(Handle, wanted[read..], Offset(index) + read);
            read += count > 0 ? count : throw new EndOfStreamException();
        }

        Open(index, plaintext);
    }

    public void Dispose()
    {
        _cipher.Dispose();
        _file.Dispose();
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            Options = FileOptions.Asynchronous | (OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None),
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private long Offset(int index) => (long)index * (_chunkLength + TagLength);

    private void Seal(int index, ReadOnlySpan<byte> plaintext) =>
        _cipher.Encrypt(Nonce(index), plaintext, _sealed.AsSpan(0, plaintext.Length), _sealed.AsSpan(plaintext.Length, TagLength));

    // Nothing of the message's: a disk or a neighbour has changed what we wrote.
    private void Open(int index, Span<byte> plaintext)
    {
        try
        {
            _cipher.Decrypt(Nonce(index), _sealed.AsSpan(0, plaintext.Length), _sealed.AsSpan(plaintext.Length, TagLength), plaintext);
        }
        catch (AuthenticationTagMismatchException exception)
        {
            throw new IOException("A temporary file was changed.", exception);
        }
    }

    // Every chunk is written once, and the key is used for one file: a counter is a nonce.
    private static byte[] Nonce(int index)
    {
        var nonce = new byte[NonceLength];
        BitConverter.TryWriteBytes(nonce, index);
        return nonce;
    }
}
