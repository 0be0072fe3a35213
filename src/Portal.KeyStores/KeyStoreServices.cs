using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.KeyStores.Local;
using Portal.Smime.Keys;

namespace Portal.KeyStores;

/// <summary>The key stores that are configured.</summary>
public static class KeyStoreServices
{
    private const string LocalName = "local";

    public static IServiceCollection AddPortalKeyStores(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(_ => Master(configuration));
        services.AddSingleton<IKeyStore>(provider => new LocalKeyStore(
            LocalName, provider.GetRequiredService<MasterKey>(), provider.GetRequiredService<ISealedKeyStorage>()));
        return services;
    }

    private static MasterKey Master(IConfiguration configuration)
    {
        var settings = configuration.GetSection(LocalKeyStoreOptions.Section).Get<LocalKeyStoreOptions>() ?? new LocalKeyStoreOptions();
        if (settings.MasterKey is { Length: > 0 } secret)
        {
            return MasterKey.FromSecret(secret);
        }

        var file = settings.MasterKeyFile;
        if (string.IsNullOrWhiteSpace(file))
        {
            file = Path.Combine(configuration["Portal:DataDirectory"] ?? "data", "master.key");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        return MasterKey.FromFile(file);
    }
}
