namespace Portal.KeyStores.Pkcs11;

/// <summary>The session answers, and the token behind it is not the one that it was: another session is needed.</summary>
internal sealed class TokenLostException : Exception;

/// <summary>No slot has it, as far as the library knows.</summary>
internal sealed class TokenMissingException(string words) : Exception(words);
