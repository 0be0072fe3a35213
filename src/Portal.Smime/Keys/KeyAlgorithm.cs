namespace Portal.Smime.Keys;

public enum KeyAlgorithm
{
    Rsa2048,
    Rsa3072,
    Rsa4096,
    P256,
    P384,
    P521,
}
