using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Portal.Smime.OpenSsl;

/// <summary>A private key of Curve25519, for which .NET has no class (RFC 8410).</summary>
internal sealed unsafe class EvpPrivateKey : SafeHandle
{
    private const int RawLength = 32;
    private const int SignatureLength = 64;

    internal EvpPrivateKey()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    /// <param name="pkcs8">PrivateKeyInfo of Ed25519 or X25519.</param>
    /// <exception cref="CryptographicException">It is none.</exception>
    public static EvpPrivateKey Import(ReadOnlySpan<byte> pkcs8)
    {
        var key = new EvpPrivateKey();
        fixed (byte* start = pkcs8)
        {
            var cursor = start;
            key.SetHandle(LibCrypto.ParsePrivateKey(0, &cursor, pkcs8.Length));
        }

        LibCrypto.ClearErrors();
        if (!key.IsInvalid && LibCrypto.KeyType(key.handle) is LibCrypto.Ed25519 or LibCrypto.X25519)
        {
            return key;
        }

        key.Dispose();
        throw new CryptographicException("Not a private key of Ed25519 or X25519.");
    }

    public static EvpPrivateKey NewX25519()
    {
        // RFC 7748 §5: any 32 random bytes; RFC 8410 §7 puts them into an OCTET STRING of their own.
        byte[] pkcs8 = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20, .. new byte[RawLength]];
        RandomNumberGenerator.Fill(pkcs8.AsSpan(^RawLength..));
        try
        {
            return Import(pkcs8);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <summary>32 bytes, as they stand in a SubjectPublicKeyInfo.</summary>
    public byte[] PublicKey()
    {
        var key = new byte[RawLength];
        nint length = RawLength;
        fixed (byte* output = key)
        {
            Demand(LibCrypto.RawPublicKey(handle, output, &length) == 1);
        }

        return key;
    }

    public bool IsEd25519 => LibCrypto.KeyType(handle) == LibCrypto.Ed25519;

    /// <summary>Ed25519 (RFC 8032): 64 bytes.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var signature = new byte[SignatureLength];
        nint length = SignatureLength;
        var context = LibCrypto.DigestContextNew();
        try
        {
            fixed (byte* input = message, output = signature)
            {
                Demand(LibCrypto.DigestSignInit(context, 0, 0, 0, handle) == 1
                    && LibCrypto.DigestSign(context, output, &length, input, message.Length) == 1);
            }
        }
        finally
        {
            LibCrypto.DigestContextFree(context);
        }

        return signature;
    }

    /// <summary>X25519 (RFC 7748 §6.1).</summary>
    /// <param name="peer">DER SubjectPublicKeyInfo.</param>
    /// <returns>32 bytes; null for a peer of another kind, or a point of small order.</returns>
    public byte[]? Derive(ReadOnlySpan<byte> peer)
    {
        var secret = new byte[RawLength];
        nint length = RawLength;
        nint theirs;
        fixed (byte* start = peer)
        {
            var cursor = start;
            theirs = LibCrypto.ParsePublicKey(0, &cursor, peer.Length);
        }

        var context = LibCrypto.KeyContextNew(handle, 0);
        try
        {
            fixed (byte* output = secret)
            {
                var isDone = theirs != 0
                    && LibCrypto.KeyType(theirs) == LibCrypto.X25519
                    && LibCrypto.DeriveInit(context) == 1
                    && LibCrypto.DeriveSetPeer(context, theirs) == 1
                    && LibCrypto.Derive(context, output, &length) == 1;
                return isDone ? secret : null;
            }
        }
        finally
        {
            LibCrypto.KeyContextFree(context);
            LibCrypto.KeyFree(theirs);
            LibCrypto.ClearErrors();
        }
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.KeyFree(handle);
        return true;
    }

    private static void Demand(bool condition)
    {
        if (!condition)
        {
            LibCrypto.ClearErrors();
            throw new CryptographicException("libcrypto refused an operation.");
        }
    }
}
