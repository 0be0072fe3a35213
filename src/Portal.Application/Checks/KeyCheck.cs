using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;

namespace Portal.Application.Checks;

/// <summary>The master key, the key stores, the system key.</summary>
internal static class KeyCheck
{
    private const string Store = "key store";
    private const string Waiting = "Until it answers, no mail is opened and nothing is signed with its keys; nothing is lost. Its settings are below Portal:KeyStores.";
    private const string System = "system key";

    /// <returns>Whether sealed things can be opened.</returns>
    public static async Task<bool> RunAsync(IServiceProvider services, List<Finding> findings, CancellationToken cancellationToken)
    {
        bool isWhole;
        try
        {
            if (!await MasterKeyAsync(services, findings, cancellationToken))
            {
                return false;
            }

            isWhole = await FormerMasterKeysAsync(services, findings, cancellationToken);
        }
        catch (KeyStoreException exception)
        {
            findings.Add(Finding.Problem(Store, exception.Message, Waiting));
            return false;
        }

        ConfiguredKeyStores stores;
        string byDefault;
        try
        {
            stores = services.GetRequiredService<ConfiguredKeyStores>();
            byDefault = stores.DefaultName;
        }
        catch (KeyStoreException exception)
        {
            findings.Add(Finding.Problem(Store, exception.Message, "Key stores are set below Portal:KeyStores, and Portal:KeyStores:Default names one of them."));
            return false;
        }

        var answers = new Dictionary<string, bool>();
        foreach (var store in stores.Names)
        {
            answers[store] = await AnswersAsync(stores, store, findings, cancellationToken);
        }

        await OrganisationsKeysAsync(services, stores.Names, findings, cancellationToken);
        return isWhole && answers[byDefault] && await SystemKeyAsync(services, findings, cancellationToken);
    }

    private static async Task<bool> AnswersAsync(ConfiguredKeyStores stores, string store, List<Finding> findings, CancellationToken cancellationToken)
    {
        try
        {
            await stores.CheckAsync(store, cancellationToken);
            findings.Add(Finding.Ok(Store, $"The key store {store} answers."));
            return true;
        }
        catch (KeyStoreException exception)
        {
            findings.Add(Finding.Problem(Store, $"The key store {store} does not answer. {exception.Message}", Waiting));
            return false;
        }
    }

    private static async Task<bool> MasterKeyAsync(IServiceProvider services, List<Finding> findings, CancellationToken cancellationToken)
    {
        if (services.GetService<IMasterKeyPlace>() is not { } place)
        {
            return true;
        }

        if (place.Fingerprint() is { } fingerprint)
        {
            findings.Add(Finding.Ok(Store, $"The master key {fingerprint} is in {place.Where}."));
            return true;
        }

        await using var db = await services.GetRequiredService<PortalDatabase>().ReadInstallationAsync(cancellationToken);
        var isNeeded = await db.SealedPrivateKeys.AnyAsync(cancellationToken);
        if (!isNeeded && services.GetRequiredService<IOptions<KeyStoreOptions>>().Value.Default != KeyStoreOptions.Local)
        {
            findings.Add(Finding.Ok(Store, "There is no master key, and nothing is sealed under one."));
            return true;
        }

        findings.Add(isNeeded
            ? Finding.Problem(Store, $"The master key is missing from {place.Where}, and keys in the database are sealed under it.", "Put it back; do not start the portal before, or it makes a new one that opens nothing.")
            : Finding.Warning(Store, $"There is no master key in {place.Where} yet.", "The portal makes one at its first start; keep a copy of it apart from backups."));
        return false;
    }

    private static async Task OrganisationsKeysAsync(IServiceProvider services, IReadOnlyList<string> stores, List<Finding> findings, CancellationToken cancellationToken)
    {
        foreach (var organisation in await services.GetRequiredService<IDirectory>().ListOrganisationsAsync(cancellationToken))
        {
            await using var db = await services.GetRequiredService<PortalDatabase>().ReadAsync(organisation, cancellationToken);
            var name = await db.Organisations.Where(one => one.Id == organisation).Select(one => one.Name).SingleAsync(cancellationToken);
            var used = await db.ManagedKeys.Where(one => one.OrganisationId == organisation && one.DestroyedAt == null).Select(one => one.Store).Distinct().ToListAsync(cancellationToken);
            findings.AddRange(used.Except(stores).Select(store => Finding.Problem(
                Store, $"{name}: keys are in the key store \"{store}\", which is not configured.", "Configure it again: until then nothing can be done with them.")));
            var refused = await db.ManagedKeys
                .Where(one => one.OrganisationId == organisation && one.DestroyedAt == null && one.RefusedAt != null)
                .OrderByDescending(one => one.RefusedAt)
                .ToListAsync(cancellationToken);
            if (refused.Count > 0)
            {
                findings.Add(Finding.Problem(
                    Store,
                    $"{name}: {refused.Count} keys did not work when they were last asked for. The key store {refused[0].Store} said: {refused[0].Refusal}",
                    "The page Keys names each. Where a vault disabled or deleted them, enable or recover them there: what waits for them goes on by itself."));
            }
        }
    }

    /// <returns>Whether all are here.</returns>
    private static async Task<bool> FormerMasterKeysAsync(IServiceProvider services, List<Finding> findings, CancellationToken cancellationToken)
    {
        var fingerprint = services.GetService<IMasterKeyPlace>()?.Fingerprint();
        await using var db = await services.GetRequiredService<PortalDatabase>().ReadInstallationAsync(cancellationToken);
        var former = await db.SealedPrivateKeys
            .Where(one => one.MasterKey != fingerprint && (fingerprint != null || !db.WrappedMasterKeys.Any(wrapped => wrapped.Fingerprint == one.MasterKey)))
            .GroupBy(one => one.MasterKey)
            .Select(group => new { MasterKey = group.Key, Keys = group.Count() })
            .ToListAsync(cancellationToken);
        var rotation = services.GetRequiredService<IMasterKeyRotation>();
        var isWhole = true;
        foreach (var one in former)
        {
            var isHere = await rotation.HasMasterKeyAsync(one.MasterKey, cancellationToken);
            isWhole &= isHere;
            findings.Add(isHere
                ? Finding.Warning(
                    Store,
                    $"{one.Keys} keys are sealed under another master key, {one.MasterKey}.",
                    "`portal keys reseal` seals them under the one that counts now.")
                : Finding.Problem(
                    Store,
                    $"{one.Keys} keys are sealed under the master key {one.MasterKey}, which is not here: they cannot be used.",
                    "Put it back: beside the master key's file under the name that it had, or into Portal:KeyStores:Local:OlderMasterKeys. Then `portal keys reseal`."));
        }

        return isWhole;
    }

    private static async Task<bool> SystemKeyAsync(IServiceProvider services, List<Finding> findings, CancellationToken cancellationToken)
    {
        try
        {
            var state = await services.GetRequiredService<SystemKey>().ProbeAsync(cancellationToken);
            findings.Add(state switch
            {
                SystemKeyState.Works => Finding.Ok(System, "It opens this installation's secret."),
                SystemKeyState.NotMade => Finding.Warning(System, "It is not made yet.", "The portal makes it at its first start."),
                SystemKeyState.Foreign => Finding.Problem(System, "It does not open this installation's secret.", "Is another installation's key store configured?"),
            });
            return state != SystemKeyState.Foreign;
        }
        catch (KeyStoreException exception)
        {
            findings.Add(Finding.Problem(System, exception.Message, "Until it works, the portal does not start. Is it this installation's key store, with its PIN or its vault, or its master key (`portal backup` names the one that it needs)?"));
            return false;
        }
    }
}
