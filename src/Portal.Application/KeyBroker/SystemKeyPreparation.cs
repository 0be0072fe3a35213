namespace Portal.Application.KeyBroker;

/// <summary>The system key is there before anything runs; without it the portal does not start.</summary>
public sealed class SystemKeyPreparation
{
    private readonly SystemKey _systemKey;

    internal SystemKeyPreparation(SystemKey systemKey) => _systemKey = systemKey;

    /// <exception cref="Smime.Keys.KeyStoreException">Its store does not answer, or is another installation's.</exception>
    public Task RunAsync(CancellationToken cancellationToken) => _systemKey.PrepareAsync(cancellationToken);
}
