using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
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
        AddLocal(services, configuration);
        var tokens = configuration.GetSection(Pkcs11Options.Sections).GetChildren().ToList();
        foreach (var section in tokens)
        {
            services.AddSingleton<IKeyStore>(provider => new Pkcs11KeyStore(
                section.Key,
                OnItsOwnToken(section, tokens),
                RefusedPin.Of(section.Key, DataDirectory(configuration)),
                provider.GetRequiredService<TimeProvider>()));
        }

        foreach (var section in configuration.GetSection(AzureKeyVaultOptions.Sections).GetChildren())
        {
            services.AddSingleton<IKeyStore>(provider => new AzureKeyVaultKeyStore(section.Key, Of<AzureKeyVaultOptions>(section), provider.GetRequiredService<TimeProvider>()));
        }

        return services;
    }

    private static void AddLocal(IServiceCollection services, IConfiguration configuration)
    {
        if (SealedBy(configuration) is null)
        {
            services.AddSingleton<IMasterKeyPlace>(_ => new MasterKeyPlace(Secret(configuration), MasterFile(configuration)));
        }

        services.AddSingleton(_ => new ConfiguredMasterKeys(Secret(configuration), Older(configuration), MasterFile(configuration)));
        services.AddSingleton<IMasterKeys>(provider => new WrappedMasterKeys(
            SealedBy(configuration),
            provider.GetRequiredService<ConfiguredMasterKeys>(),
            provider.GetRequiredService<ISealedKeyStorage>(),
            name => Other(provider, name),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new LocalKeyStore(
            LocalName, provider.GetRequiredService<IMasterKeys>(), provider.GetRequiredService<ISealedKeyStorage>()));
        services.AddSingleton<IKeyStore>(provider => provider.GetRequiredService<LocalKeyStore>());
        services.AddSingleton<IMasterKeyRotation>(provider => provider.GetRequiredService<LocalKeyStore>());
    }

    private static IKeyStore Other(IServiceProvider provider, string name) => name != LocalName
        ? provider.GetRequiredService<IKeyStores>().Named(name)
        : throw new KeyStoreException(KeyStoreFailure.Refused, $"The key store \"{name}\" cannot wrap its own master key.");

    // A login is the whole process's: the second store would be let in with any PIN.
    private static Pkcs11Options OnItsOwnToken(IConfigurationSection section, List<IConfigurationSection> all)
    {
        var options = Of<Pkcs11Options>(section);
        return all.Find(other => other.Key != section.Key && Of<Pkcs11Options>(other) is { } one && one.Library == options.Library && one.Token == options.Token) is { } twin
            ? throw new OptionsValidationException(section.Key, typeof(Pkcs11Options), [$"{section.Path} and {twin.Path} are the same token, {options.Token}: one store is enough."])
            : options;
    }

    private static TOptions Of<TOptions>(IConfigurationSection section)
        where TOptions : class, new()
    {
        var options = section.Get<TOptions>() ?? new TOptions();
        var wrong = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new ValidationContext(options), wrong, validateAllProperties: true)
            ? options
            : throw new OptionsValidationException(section.Key, typeof(TOptions), wrong.ConvertAll(one => $"{section.Path}: {one.ErrorMessage}"));
    }

    private static string? Secret(IConfiguration configuration) =>
        Settings(configuration).MasterKey is { Length: > 0 } secret ? secret : null;

    private static string? SealedBy(IConfiguration configuration) =>
        Settings(configuration).SealedBy is { Length: > 0 } name ? name : null;

    private static string[] Older(IConfiguration configuration) =>
        Settings(configuration).OlderMasterKeys?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static string MasterFile(IConfiguration configuration)
    {
        var file = Settings(configuration).MasterKeyFile;
        return Path.GetFullPath(string.IsNullOrWhiteSpace(file) ? Path.Combine(DataDirectory(configuration), "master.key") : file);
    }

    private static string DataDirectory(IConfiguration configuration) => configuration["Portal:DataDirectory"] ?? "data";

    private static LocalKeyStoreOptions Settings(IConfiguration configuration) =>
        configuration.GetSection(LocalKeyStoreOptions.Section).Get<LocalKeyStoreOptions>() ?? new LocalKeyStoreOptions();
}
