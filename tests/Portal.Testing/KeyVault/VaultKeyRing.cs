using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.Testing.KeyVault;

/// <summary>The keys of the test server: live, and deleted ones that can be recovered.</summary>
internal sealed class VaultKeyRing(TimeProvider clock)
{
    private static readonly string[] AllOperations = ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"];
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<VaultKey>> _live = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<VaultKey>> _deleted = new(StringComparer.OrdinalIgnoreCase);

    public void Enable(string name, bool enabled)
    {
        lock (_gate)
        {
            _live[name][^1].Enabled = enabled;
        }
    }

    public void Delete(string name)
    {
        lock (_gate)
        {
            Delete(name, string.Empty);
        }
    }

    public void Recover(string name)
    {
        lock (_gate)
        {
            Recover(name, string.Empty);
        }
    }

    public (int Status, JsonObject? Body) Answer(string method, string path, JsonObject? body, IQueryCollection query, string authority)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        lock (_gate)
        {
            return (method, segments) switch
            {
                ("GET", ["keys"]) => List(query, authority),
                ("POST", ["keys", var name, "create"]) => Create(name, body, authority),
                ("PUT", ["keys", var name]) => Import(name, body, authority),
                ("GET", ["keys", var name]) => Find(name) is { } key ? (200, key.Bundle(authority)) : NotFound(name),
                ("GET", ["keys", var name, var version]) => Find(name, version) is { } key ? (200, key.Bundle(authority)) : NotFound(name),
                ("PATCH", ["keys", var name, var version]) => Update(name, version, body, authority),
                ("DELETE", ["keys", var name]) => Delete(name, authority),
                ("POST", ["keys", var name, var version, "sign"]) => Compute(name, version, "sign", body, authority),
                ("POST", ["keys", var name, var version, "unwrapkey"]) => Compute(name, version, "unwrapKey", body, authority),
                ("GET", ["deletedkeys", var name]) => _deleted.TryGetValue(name, out var gone) ? (200, gone[^1].Bundle(authority)) : NotFound(name),
                ("DELETE", ["deletedkeys", var name]) => _deleted.Remove(name) ? (204, null) : NotFound(name),
                ("POST", ["deletedkeys", var name, "recover"]) => Recover(name, authority),
                _ => KeyVaultServer.Error(404, "NotFound", "There is no such operation: paths are in lower case."),
            };
        }
    }

    // "Get Keys": pages of at most 25, linked by nextLink.
    private (int Status, JsonObject Body) List(IQueryCollection query, string authority)
    {
        var most = int.TryParse(query["maxresults"], out var wanted) ? Math.Min(wanted, 25) : 25;
        var skip = int.TryParse(query["$skiptoken"], out var already) ? already : 0;
        var names = _live.Keys.Order(StringComparer.Ordinal).ToList();
        var page = names.Skip(skip).Take(most).Select(name => (JsonNode)new JsonObject { ["kid"] = $"{authority}/keys/{name}", ["attributes"] = _live[name][^1].Attributes() });
        return (200, new JsonObject
        {
            ["value"] = new JsonArray(page.ToArray()),
            ["nextLink"] = skip + most < names.Count ? $"{authority}/keys?api-version=7.4&$skiptoken={skip + most}&maxresults={most}" : null,
        });
    }

    // "Create Key": a name in use gets a new version; one that was deleted and can be recovered is a conflict.
    private (int Status, JsonObject Body) Create(string name, JsonObject? body, string authority)
    {
        if (_deleted.ContainsKey(name))
        {
            return KeyVaultServer.Error(409, "Conflict", $"Key {name} is currently in a deleted but recoverable state.", "ObjectIsDeletedButRecoverable");
        }

        var type = (string?)body?["kty"];
        AsymmetricAlgorithm? pair = (type, (int?)body?["key_size"], (string?)body?["crv"]) switch
        {
            ("RSA" or "RSA-HSM", int and (2048 or 3072 or 4096) and var size, _) => RSA.Create(size),
            ("EC" or "EC-HSM", _, "P-256") => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            ("EC" or "EC-HSM", _, "P-384") => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            ("EC" or "EC-HSM", _, "P-521") => ECDsa.Create(ECCurve.NamedCurves.nistP521),
            _ => null,
        };
        if (pair is null)
        {
            return KeyVaultServer.Error(400, "BadParameter", "Key type, size or curve is not supported.");
        }

        return Keep(name, type!, body!["key_ops"], pair, authority);
    }

    // "Import Key": a whole JSON Web Key, and whether it goes into hardware.
    private (int Status, JsonObject Body) Import(string name, JsonObject? body, string authority)
    {
        if (_deleted.ContainsKey(name))
        {
            return KeyVaultServer.Error(409, "Conflict", $"Key {name} is currently in a deleted but recoverable state.", "ObjectIsDeletedButRecoverable");
        }

        var key = body?["key"];
        try
        {
            AsymmetricAlgorithm? pair = (string?)key?["kty"] switch
            {
                "RSA" => RSA.Create(new RSAParameters
                {
                    Modulus = Bytes(key["n"]),
                    Exponent = Bytes(key["e"]),
                    D = Bytes(key["d"]),
                    P = Bytes(key["p"]),
                    Q = Bytes(key["q"]),
                    DP = Bytes(key["dp"]),
                    DQ = Bytes(key["dq"]),
                    InverseQ = Bytes(key["qi"]),
                }),
                "EC" => ECDsa.Create(new ECParameters
                {
                    Curve = (string?)key["crv"] switch { "P-256" => ECCurve.NamedCurves.nistP256, "P-384" => ECCurve.NamedCurves.nistP384, _ => ECCurve.NamedCurves.nistP521 },
                    Q = new ECPoint { X = Bytes(key["x"]), Y = Bytes(key["y"]) },
                    D = Bytes(key["d"]),
                }),
                _ => null,
            };
            return pair is null ? KeyVaultServer.Error(400, "BadParameter", "kty is not supported.")
                : Keep(name, (string)key!["kty"]! + ((bool?)body!["Hsm"] == true ? "-HSM" : string.Empty), key["key_ops"], pair, authority);
        }
        catch (CryptographicException)
        {
            return KeyVaultServer.Error(400, "BadParameter", "The key is invalid.");
        }
    }

    private (int Status, JsonObject Body) Keep(string name, string type, JsonNode? operations, AsymmetricAlgorithm pair, string authority)
    {
        var key = new VaultKey(name, type, operations?.AsArray().Select(one => (string)one!).ToArray() ?? AllOperations, pair, clock.GetUtcNow());
        if (!_live.TryGetValue(name, out var versions))
        {
            _live[name] = versions = [];
        }

        versions.Add(key);
        return (200, key.Bundle(authority));
    }

    private static byte[] Bytes(JsonNode? value) => Base64Url.DecodeFromChars((string?)value ?? string.Empty);

    private (int Status, JsonObject Body) Update(string name, string version, JsonObject? body, string authority)
    {
        if (Find(name, version) is not { } key)
        {
            return NotFound(name);
        }

        key.Enabled = (bool?)body?["attributes"]?["enabled"] ?? key.Enabled;
        return (200, key.Bundle(authority));
    }

    // "Delete Key": with soft delete the answer says until when it can be recovered.
    private (int Status, JsonObject Body) Delete(string name, string authority)
    {
        if (!_live.Remove(name, out var versions))
        {
            return NotFound(name);
        }

        _deleted[name] = versions;
        var bundle = versions[^1].Bundle(authority);
        bundle["recoveryId"] = $"{authority}/deletedkeys/{name}";
        bundle["deletedDate"] = clock.GetUtcNow().ToUnixTimeSeconds();
        bundle["scheduledPurgeDate"] = clock.GetUtcNow().AddDays(90).ToUnixTimeSeconds();
        return (200, bundle);
    }

    private (int Status, JsonObject Body) Recover(string name, string authority)
    {
        if (!_deleted.Remove(name, out var versions))
        {
            return NotFound(name);
        }

        _live[name] = versions;
        return (200, versions[^1].Bundle(authority));
    }

    // "Sign", "Unwrap Key", and "REST API error codes" for a disabled key and an operation that key_ops does not have.
    private (int Status, JsonObject Body) Compute(string name, string version, string operation, JsonObject? body, string authority)
    {
        if (Find(name, version) is not { } key)
        {
            return NotFound(name);
        }

        if (!key.Enabled)
        {
            return KeyVaultServer.Error(403, "Forbidden", $"Operation {operation} is not allowed on a disabled key.", "KeyDisabled");
        }

        if (!key.May(operation))
        {
            return KeyVaultServer.Error(403, "Forbidden", $"Operation {operation} is not permitted on this key.", "KeyOperationForbidden");
        }

        var (algorithm, value) = ((string?)body?["alg"] ?? string.Empty, Base64Url.DecodeFromChars((string?)body?["value"] ?? string.Empty));
        var result = algorithm.Length < 5 ? null : operation == "sign" ? key.Sign(algorithm, value) : key.Unwrap(algorithm, value);
        return result is null
            ? KeyVaultServer.Error(400, "BadParameter", "The parameter is incorrect.")
            : (200, new JsonObject { ["kid"] = $"{authority}/keys/{name}/{version}", ["value"] = Base64Url.EncodeToString(result) });
    }

    private VaultKey? Find(string name, string? version = null) =>
        _live.TryGetValue(name, out var versions) ? version is null ? versions[^1] : versions.Find(one => one.Version == version) : null;

    private static (int Status, JsonObject Body) NotFound(string name) =>
        KeyVaultServer.Error(404, "KeyNotFound", $"A key with (name/id) {name} was not found in this key vault.");
}
