using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.KeyStores.Tests.Local;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Tests.Pkcs11;

public sealed class OneTokenOneStoreTests
{
    [Theory]
    [InlineData("ward", "ward", false)]
    [InlineData("ward", "annex", true)]
    public void Two_stores_over_one_token_are_refused(string first, string second, bool isFine)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Portal:KeyStores:Pkcs11:one:Library"] = "/lib/token.so",
                ["Portal:KeyStores:Pkcs11:one:Token"] = first,
                ["Portal:KeyStores:Pkcs11:two:Library"] = "/lib/token.so",
                ["Portal:KeyStores:Pkcs11:two:Token"] = second,
            })
            .Build();
        using var services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<ISealedKeyStorage, MemoryKeyStorage>()
            .AddPortalKeyStores(configuration)
            .BuildServiceProvider();

        if (isFine)
        {
            Assert.Equal(["local", "one", "two"], services.GetServices<IKeyStore>().Select(store => store.Name));
        }
        else
        {
            Assert.Contains("are the same token, ward", Assert.Throws<OptionsValidationException>(services.GetServices<IKeyStore>).Message, StringComparison.Ordinal);
        }
    }
}
