using System.Runtime.InteropServices;

namespace Portal.Smime.OpenSsl;

/// <summary>The few EVP functions that .NET does not offer: streaming GCM, key wrap, PSS with any salt, Ed25519, X25519. Pointers are OpenSSL's, 1 is success.</summary>
internal static unsafe partial class LibCrypto
{
    private const string Library = "libcrypto.so.3";

    public const int GetTag = 0x10;
    public const int SetTag = 0x11;

    public const int RsaPssPadding = 6;
    public const int Ed25519 = 1087;
    public const int X25519 = 1034;

    /// <summary>EVP_CIPHER_CTX_FLAG_WRAP_ALLOW: without it, key wrap is refused.</summary>
    public const int WrapAllow = 0x1;

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_new")]
    public static partial nint CipherContextNew();

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_free")]
    public static partial void CipherContextFree(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_set_flags")]
    public static partial void CipherSetFlags(EvpCipherContext context, int flags);

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_ctrl")]
    public static partial int CipherControl(EvpCipherContext context, int type, int argument, byte* pointer);

    [LibraryImport(Library, EntryPoint = "EVP_CipherInit_ex")]
    public static partial int CipherInit(EvpCipherContext context, nint cipher, nint engine, byte* key, byte* nonce, int encrypt);

    [LibraryImport(Library, EntryPoint = "EVP_CipherUpdate")]
    public static partial int CipherUpdate(EvpCipherContext context, byte* output, int* written, byte* input, int length);

    [LibraryImport(Library, EntryPoint = "EVP_CipherFinal_ex")]
    public static partial int CipherFinal(EvpCipherContext context, byte* output, int* written);

    [LibraryImport(Library, EntryPoint = "EVP_aes_128_gcm")]
    public static partial nint Aes128Gcm();

    [LibraryImport(Library, EntryPoint = "EVP_aes_192_gcm")]
    public static partial nint Aes192Gcm();

    [LibraryImport(Library, EntryPoint = "EVP_aes_256_gcm")]
    public static partial nint Aes256Gcm();

    [LibraryImport(Library, EntryPoint = "EVP_aes_128_cbc")]
    public static partial nint Aes128Cbc();

    [LibraryImport(Library, EntryPoint = "EVP_aes_192_cbc")]
    public static partial nint Aes192Cbc();

    [LibraryImport(Library, EntryPoint = "EVP_aes_256_cbc")]
    public static partial nint Aes256Cbc();

    [LibraryImport(Library, EntryPoint = "EVP_des_ede3_cbc")]
    public static partial nint TripleDesCbc();

    [LibraryImport(Library, EntryPoint = "EVP_aes_128_wrap")]
    public static partial nint Aes128Wrap();

    [LibraryImport(Library, EntryPoint = "EVP_aes_192_wrap")]
    public static partial nint Aes192Wrap();

    [LibraryImport(Library, EntryPoint = "EVP_aes_256_wrap")]
    public static partial nint Aes256Wrap();

    [LibraryImport(Library, EntryPoint = "EVP_sha1")]
    public static partial nint Sha1();

    [LibraryImport(Library, EntryPoint = "EVP_sha256")]
    public static partial nint Sha256();

    [LibraryImport(Library, EntryPoint = "EVP_sha384")]
    public static partial nint Sha384();

    [LibraryImport(Library, EntryPoint = "EVP_sha512")]
    public static partial nint Sha512();

    [LibraryImport(Library, EntryPoint = "d2i_PUBKEY")]
    public static partial nint ParsePublicKey(nint previous, byte** der, nint length);

    [LibraryImport(Library, EntryPoint = "d2i_AutoPrivateKey")]
    public static partial nint ParsePrivateKey(nint previous, byte** der, nint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    public static partial void KeyFree(nint key);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_id")]
    public static partial int KeyType(nint key);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_new")]
    public static partial nint KeyContextNew(nint key, nint engine);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_free")]
    public static partial void KeyContextFree(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    public static partial int RawPublicKey(nint key, byte* output, nint* length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive_init")]
    public static partial int DeriveInit(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive_set_peer")]
    public static partial int DeriveSetPeer(nint context, nint peer);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive")]
    public static partial int Derive(nint context, byte* secret, nint* length);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSignInit")]
    public static partial int DigestSignInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSign")]
    public static partial int DigestSign(nint context, byte* signature, nint* signatureLength, byte* message, nint messageLength);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_verify_init")]
    public static partial int VerifyInit(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_set_rsa_padding")]
    public static partial int SetRsaPadding(nint context, int padding);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_set_signature_md")]
    public static partial int SetSignatureDigest(nint context, nint digest);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_set_rsa_mgf1_md")]
    public static partial int SetMgf1Digest(nint context, nint digest);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_set_rsa_pss_saltlen")]
    public static partial int SetPssSaltLength(nint context, int bytes);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_verify")]
    public static partial int Verify(nint context, byte* signature, nint signatureLength, byte* digest, nint digestLength);

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_new")]
    public static partial nint DigestContextNew();

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_free")]
    public static partial void DigestContextFree(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerifyInit")]
    public static partial int DigestVerifyInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerify")]
    public static partial int DigestVerify(nint context, byte* signature, nint signatureLength, byte* message, nint messageLength);

    /// <summary>Failures leave an entry per thread; nobody reads them here, so they are dropped.</summary>
    [LibraryImport(Library, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();
}
