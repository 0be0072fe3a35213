using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Net.Pkcs11Interop.HighLevelAPI.Factories;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Pkcs11;

/// <summary>Keys in a token (PKCS#11 v2.40): made there, never to be read, found by label and id.</summary>
internal sealed class Pkcs11KeyStore : IKeyStore, IDisposable
{
    private const int IdLength = 16;
    private static readonly byte[] PublicExponent = [1, 0, 1];

    private readonly Token _token;

    /// <param name="name">1 to 127 characters of [0-9A-Za-z-].</param>
    /// <param name="options">Nothing is loaded or asked before the first use.</param>
    /// <param name="refused">Whether its PIN is known to be wrong.</param>
    /// <param name="clock">Of what is not done too often.</param>
    public Pkcs11KeyStore(string name, Pkcs11Options options, RefusedPin refused, TimeProvider clock)
    {
        KeyNames.Demand(name);
        Name = name;
        _token = new Token(options, refused, clock);
    }

    public string Name { get; }

    public KeyHolding Holding => new(KeyHoldingKind.Token);

    private static IObjectAttributeFactory Attributes => TokenConnection.Factories.ObjectAttributeFactory;

    public Task<CreatedKey> CreateAsync(string name, KeyAlgorithm algorithm, KeyUse use, CancellationToken cancellationToken)
    {
        KeyNames.Demand(name);
        return _token.RunAsync((_, session) => Create(session, name, algorithm, use), cancellationToken);
    }

    public Task<CreatedKey> ImportAsync(string name, ReadOnlyMemory<byte> pkcs8, KeyUse use, CancellationToken cancellationToken)
    {
        KeyNames.Demand(name);
        return _token.RunAsync((_, session) => Import(session, name, pkcs8, use), cancellationToken);
    }

    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var names = await _token.RunAsync(
            (_, session) => session.FindAllObjects([Attributes.Create(CKA.CKA_CLASS, CKO.CKO_PRIVATE_KEY)])
                .ConvertAll(handle => session.GetAttributeValue(handle, new List<CKA> { CKA.CKA_LABEL })[0].GetValueAsString()),
            cancellationToken);
        foreach (var name in names)
        {
            yield return name;
        }
    }

    public IPrivateKey Open(KeyReference reference)
    {
        KeyNames.DemandIn(Name, reference);
        return new Pkcs11PrivateKey(reference, _token);
    }

    public Task<bool> SetEnabledAsync(KeyReference reference, bool enabled, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<byte[]?> ExportAsync(KeyReference reference, CancellationToken cancellationToken) => Task.FromResult<byte[]?>(null);

    public async Task DestroyAsync(KeyReference reference, CancellationToken cancellationToken)
    {
        KeyNames.DemandIn(Name, reference);
        await _token.RunAsync(
            (connection, session) =>
            {
                connection.Keys.TryRemove(reference, out _);
                foreach (var handle in session.FindAllObjects([Attributes.Create(CKA.CKA_LABEL, reference.Name), Attributes.Create(CKA.CKA_ID, Convert.FromHexString(reference.Version))]))
                {
                    session.DestroyObject(handle);
                }

                return true;
            },
            cancellationToken);
    }

    public Task CheckAsync(CancellationToken cancellationToken) => _token.RunAsync(
        (connection, session) => connection.ShowsNoKeysAnyMore(session) ? throw new TokenLostException() : session.GetSessionInfo().State, cancellationToken);

    public void Dispose() => _token.Dispose();

    private CreatedKey Create(ISession session, string name, KeyAlgorithm algorithm, KeyUse use)
    {
        DemandNew(session, name);
        var id = RandomNumberGenerator.GetBytes(IdLength);
        var isRsa = algorithm is KeyAlgorithm.Rsa2048 or KeyAlgorithm.Rsa3072 or KeyAlgorithm.Rsa4096;
        var mechanism = TokenConnection.Factories.MechanismFactory.Create(isRsa ? CKM.CKM_RSA_PKCS_KEY_PAIR_GEN : CKM.CKM_EC_KEY_PAIR_GEN);
        session.GenerateKeyPair(mechanism, PublicTemplate(name, id, algorithm, use, isRsa), PrivateTemplate(name, id, use, isRsa), out var publicKey, out _);
        var reference = new KeyReference(Name, name, Convert.ToHexStringLower(id));
        return new CreatedKey(reference, isRsa ? RsaPublicKey(session, publicKey) : CurvePublicKey(session, publicKey));
    }

    private CreatedKey Import(ISession session, string name, ReadOnlyMemory<byte> pkcs8, KeyUse use)
    {
        DemandNew(session, name);
        using var pair = ImportedPair.Read(pkcs8.Span);
        var id = RandomNumberGenerator.GetBytes(IdLength);
        var (isRsa, material) = (pair.Pair is RSA, TokenKeyMaterial.Of(pair.Pair));
        session.CreateObject([
            Attributes.Create(CKA.CKA_CLASS, CKO.CKO_PRIVATE_KEY), Attributes.Create(CKA.CKA_KEY_TYPE, isRsa ? CKK.CKK_RSA : CKK.CKK_EC),
            .. PrivateTemplate(name, id, use, isRsa), .. material.Private]);
        session.CreateObject([
            Attributes.Create(CKA.CKA_CLASS, CKO.CKO_PUBLIC_KEY), Attributes.Create(CKA.CKA_KEY_TYPE, isRsa ? CKK.CKK_RSA : CKK.CKK_EC),
            Attributes.Create(CKA.CKA_TOKEN, true), Attributes.Create(CKA.CKA_LABEL, name), Attributes.Create(CKA.CKA_ID, id), .. material.Public]);
        return new CreatedKey(new KeyReference(Name, name, Convert.ToHexStringLower(id)), pair.Pair.ExportSubjectPublicKeyInfo());
    }

    private void DemandNew(ISession session, string name)
    {
        if (session.FindAllObjects([Attributes.Create(CKA.CKA_LABEL, name)]).Count > 0)
        {
            throw new KeyStoreException(KeyStoreFailure.Refused, $"The token {_token.Label} has a key {name} already.");
        }
    }

    private static List<IObjectAttribute> PublicTemplate(string name, byte[] id, KeyAlgorithm algorithm, KeyUse use, bool isRsa)
    {
        var template = new List<IObjectAttribute>
        {
            Attributes.Create(CKA.CKA_TOKEN, true),
            Attributes.Create(CKA.CKA_LABEL, name),
            Attributes.Create(CKA.CKA_ID, id),
            Attributes.Create(CKA.CKA_VERIFY, use == KeyUse.Sign),
        };
        if (isRsa)
        {
            template.Add(Attributes.Create(CKA.CKA_ENCRYPT, use == KeyUse.Decrypt));
            template.Add(Attributes.Create(CKA.CKA_MODULUS_BITS, Bits(algorithm)));
            template.Add(Attributes.Create(CKA.CKA_PUBLIC_EXPONENT, PublicExponent));
        }
        else
        {
            template.Add(Attributes.Create(CKA.CKA_EC_PARAMS, TokenCurves.Parameters(algorithm)));
        }

        return template;
    }

    private static List<IObjectAttribute> PrivateTemplate(string name, byte[] id, KeyUse use, bool isRsa) =>
    [
        Attributes.Create(CKA.CKA_TOKEN, true),
        Attributes.Create(CKA.CKA_PRIVATE, true),
        Attributes.Create(CKA.CKA_SENSITIVE, true),
        Attributes.Create(CKA.CKA_EXTRACTABLE, false),
        Attributes.Create(CKA.CKA_LABEL, name),
        Attributes.Create(CKA.CKA_ID, id),
        Attributes.Create(CKA.CKA_SIGN, use == KeyUse.Sign),
        Attributes.Create(CKA.CKA_DECRYPT, use == KeyUse.Decrypt && isRsa),
        Attributes.Create(CKA.CKA_DERIVE, use == KeyUse.Decrypt && !isRsa),
    ];

    private static ulong Bits(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.Rsa2048 => 2048,
        KeyAlgorithm.Rsa3072 => 3072,
        _ => 4096,
    };

    private static byte[] RsaPublicKey(ISession session, IObjectHandle key)
    {
        var values = session.GetAttributeValue(key, new List<CKA> { CKA.CKA_MODULUS, CKA.CKA_PUBLIC_EXPONENT });
        using var rsa = RSA.Create(new RSAParameters { Modulus = values[0].GetValueAsByteArray(), Exponent = values[1].GetValueAsByteArray() });
        return rsa.ExportSubjectPublicKeyInfo();
    }

    private static byte[] CurvePublicKey(ISession session, IObjectHandle key)
    {
        var values = session.GetAttributeValue(key, new List<CKA> { CKA.CKA_EC_PARAMS, CKA.CKA_EC_POINT });
        return TokenCurves.SubjectPublicKeyInfo(values[0].GetValueAsByteArray(), values[1].GetValueAsByteArray());
    }
}
