using System.Runtime.InteropServices;

namespace Portal.Smime.OpenSsl;

/// <summary>An EVP_CIPHER_CTX; freeing it zeroes the key schedule.</summary>
internal sealed class EvpCipherContext : SafeHandle
{
    public EvpCipherContext()
        : base(0, ownsHandle: true) => SetHandle(LibCrypto.CipherContextNew());

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibCrypto.CipherContextFree(handle);
        return true;
    }
}
