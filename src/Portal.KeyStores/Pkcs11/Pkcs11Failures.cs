using Net.Pkcs11Interop.Common;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Pkcs11;

/// <summary>A token's return values (PKCS#11 v2.40, C_* functions) as a key store's failures.</summary>
internal static class Pkcs11Failures
{
    /// <summary>The session, or the token behind it, is gone; another one may be had.</summary>
    public static bool IsLost(Pkcs11Exception exception) => exception.RV is
        CKR.CKR_SESSION_HANDLE_INVALID or CKR.CKR_SESSION_CLOSED or CKR.CKR_USER_NOT_LOGGED_IN or CKR.CKR_DEVICE_REMOVED
        or CKR.CKR_DEVICE_ERROR or CKR.CKR_TOKEN_NOT_PRESENT or CKR.CKR_TOKEN_NOT_RECOGNIZED or CKR.CKR_CRYPTOKI_NOT_INITIALIZED;

    /// <summary>The key is gone, or another session has to find it anew.</summary>
    public static bool IsHandleInvalid(Pkcs11Exception exception) => exception.RV is CKR.CKR_KEY_HANDLE_INVALID or CKR.CKR_OBJECT_HANDLE_INVALID;

    /// <summary>The token does not know this, or not with these parameters.</summary>
    public static bool IsUnsupported(Pkcs11Exception exception) => exception.RV is
        CKR.CKR_MECHANISM_INVALID or CKR.CKR_MECHANISM_PARAM_INVALID or CKR.CKR_FUNCTION_NOT_SUPPORTED or CKR.CKR_ARGUMENTS_BAD;

    /// <summary>What was to be decrypted is not what the key encrypts.</summary>
    public static bool IsCiphertextInvalid(Pkcs11Exception exception) => exception.RV is
        CKR.CKR_ENCRYPTED_DATA_INVALID or CKR.CKR_ENCRYPTED_DATA_LEN_RANGE or CKR.CKR_DATA_INVALID or CKR.CKR_DATA_LEN_RANGE;

    /// <summary>Asking again with the same PIN brings the token nearer to locking it.</summary>
    public static bool IsAboutPin(Pkcs11Exception exception) => exception.RV is
        CKR.CKR_PIN_INCORRECT or CKR.CKR_PIN_INVALID or CKR.CKR_PIN_LEN_RANGE or CKR.CKR_PIN_LOCKED or CKR.CKR_PIN_EXPIRED;

    public static KeyStoreException Of(Pkcs11Exception exception, string token) => exception.RV switch
    {
        _ when IsHandleInvalid(exception) => new(KeyStoreFailure.NotFound, $"The token {token} has no such key.", exception),
        CKR.CKR_KEY_FUNCTION_NOT_PERMITTED or CKR.CKR_KEY_TYPE_INCONSISTENT or CKR.CKR_ACTION_PROHIBITED =>
            new(KeyStoreFailure.Refused, $"The token {token} does not use the key for this.", exception),
        _ when IsUnsupported(exception) => new(KeyStoreFailure.NotSupported, $"This is not supported by the token {token} ({exception.RV}).", exception),
        CKR.CKR_DEVICE_MEMORY => new(KeyStoreFailure.Unavailable, $"The token {token} is full.", exception),
        _ => new(KeyStoreFailure.Unavailable, $"The token {token} does not answer as it should ({exception.RV}).", exception),
    };
}
