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
/// <param name="Status">Of the answer; 0 when the client went away before.</param>
/// <param name="Id">x-ms-client-request-id: one for all tries of a call.</param>
/// <param name="AnsweredAt">When the answer went out.</param>
public sealed record VaultRequest(DateTimeOffset At, string Method, string Path, int Status, string Id, DateTimeOffset AnsweredAt)
{
    /// <summary>A computation, not a request for a challenge.</summary>
    public bool IsOperation => Status != 401 && Path.Count('/') >= 3;
}
