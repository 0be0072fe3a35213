using Portal.Smime.Cms;
using Portal.Smime.Mime;

namespace Portal.Smime.Tests.Support;

internal sealed class TestKeys(params DecryptionKey[] keys) : IDecryptionKeys
{
    public int Searches { get; private set; }

    public static TestKeys None => new();

    public static TestKeys Of(params Person[] people) => new(people.SelectMany(person => person.DecryptionKeys).ToArray());

    public Task<IReadOnlyList<DecryptionKey>> FindAsync(IReadOnlyList<RecipientIdentifier> recipients, CancellationToken cancellationToken)
    {
        Searches++;
        return Task.FromResult<IReadOnlyList<DecryptionKey>>(keys.Where(key => recipients.Contains(key.Recipient)).ToList());
    }
}
