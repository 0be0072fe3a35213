namespace Portal.Smime.Keys;

/// <summary>What a private key may compute. One key never does both (RFC 5280 §4.2.1.3, threat: cross-protocol misuse).</summary>
public enum KeyUse
{
    Sign,
    Decrypt,
}
