using Net.Pkcs11Interop.HighLevelAPI;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Pkcs11;

/// <summary>A private key in a token.</summary>
/// <param name="Handle">In this connection.</param>
/// <param name="Use">Of its attributes CKA_SIGN, CKA_DECRYPT and CKA_DERIVE.</param>
/// <param name="Modulus">Big-endian without leading zeros; empty for a curve.</param>
/// <param name="Curve">DER object identifier; empty for RSA.</param>
internal sealed record TokenKey(IObjectHandle Handle, KeyUse Use, byte[] Modulus, byte[] Curve)
{
    public bool IsRsa => Modulus.Length > 0;
}
