namespace Portal.Smime.Tests.Support;

/// <summary>Tests that measure time or memory run when nothing else does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
