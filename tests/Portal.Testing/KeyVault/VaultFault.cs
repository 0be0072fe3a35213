namespace Portal.Testing.KeyVault;

/// <summary>What the test server does instead of answering.</summary>
/// <param name="Status">Of the answer; 0 answers as ever, after the delay.</param>
public sealed record VaultFault(int Status)
{
    /// <summary>Seconds, in Retry-After ("Azure Key Vault throttling guidance").</summary>
    public int? RetryAfter { get; init; }

    public TimeSpan Delay { get; init; }

    /// <summary>Never answers.</summary>
    public bool Hangs { get; init; }
}

/// <param name="At">When it came.</param>
/// <param name="Method">HTTP.</param>
/// <param name="Path">Without query.</param>
/// <param name="Status">Of the answer.</param>
public sealed record VaultRequest(DateTimeOffset At, string Method, string Path, int Status)
{
    /// <summary>A computation, not a request for a challenge.</summary>
    public bool IsOperation => Status != 401 && Path.Count('/') >= 3;
}
