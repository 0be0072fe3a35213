using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.KeyStores.Local;
using Portal.KeyStores.Pkcs11;
using Portal.Smime.Keys;

namespace Portal.KeyStores;

/// <summary>The key stores that are configured.</summary>
public static class KeyStoreServices
{
    private const string LocalName = "local";

    public static IServiceCollection AddPortalKeyStores(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(_ => Master(configuration));
        services.AddSingleton<IMasterKeyPlace>(_ => new MasterKeyPlace(Secret(configuration), MasterFile(configuration)));
        services.AddSingleton<IKeyStore>(provider => new LocalKeyStore(
            LocalName, provider.GetRequiredService<MasterKey>, provider.GetRequiredService<ISealedKeyStorage>()));
        foreach (var section in configuration.GetSection(Pkcs11Options.Sections).GetChildren())
        {
            services.AddSingleton<IKeyStore>(_ => new Pkcs11KeyStore(section.Key, Of(section)));
        }

        return services;
    }

    private static Pkcs11Options Of(IConfigurationSection section)
    {
        var options = section.Get<Pkcs11Options>() ?? new Pkcs11Options();
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        return options;
    }

    private static MasterKey Master(IConfiguration configuration)
    {
        if (Secret(configuration) is { } secret)
        {
            return MasterKey.FromSecret(secret);
        }

        var file = MasterFile(configuration);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return MasterKey.FromFile(file);
    }

    private static string? Secret(IConfiguration configuration) =>
        Settings(configuration).MasterKey is { Length: > 0 } secret ? secret : null;

    private static string MasterFile(IConfiguration configuration)
    {
        var file = Settings(configuration).MasterKeyFile;
        return Path.GetFullPath(string.IsNullOrWhiteSpace(file) ? Path.Combine(configuration["Portal:DataDirectory"] ?? "data", "master.key") : file);
    }

    private static LocalKeyStoreOptions Settings(IConfiguration configuration) =>
        configuration.GetSection(LocalKeyStoreOptions.Section).Get<LocalKeyStoreOptions>() ?? new LocalKeyStoreOptions();
}
