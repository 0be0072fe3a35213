namespace Portal.Cli.Smime;

/// <summary>Options that are right one by one, and make no sense together.</summary>
/// <param name="words">For whoever typed them.</param>
internal sealed class ContradictionException(string words) : Exception(words);
