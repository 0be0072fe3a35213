namespace Portal.Application.Organisations;

/// <summary>Which key store holds an organisation's new keys, by whose they are. Keys stay where they were made.</summary>
/// <param name="Own">The authority's, the data key's, its domains' and lists'.</param>
/// <param name="Signing">What its people sign with.</param>
/// <param name="Opening">What opens its people's mail.</param>
public sealed record KeyStoreChoice(string Own, string Signing, string Opening);
