using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.KeyStores.AzureKeyVault;
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
            services.AddSingleton<IKeyStore>(_ => new Pkcs11KeyStore(section.Key, Of<Pkcs11Options>(section)));
        }

        foreach (var section in configuration.GetSection(AzureKeyVaultOptions.Sections).GetChildren())
        {
            services.AddSingleton<IKeyStore>(provider => new AzureKeyVaultKeyStore(section.Key, Of<AzureKeyVaultOptions>(section), provider.GetRequiredService<TimeProvider>()));
        }

        return services;
    }

    private static TOptions Of<TOptions>(IConfigurationSection section)
        where TOptions : class, new()
    {
        var options = section.Get<TOptions>() ?? new TOptions();
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
