using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Portal.KeyStores.Pkcs11;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Tests.Pkcs11;

public sealed class Pkcs11KeyStoreTests(TokenFixture fixture) : KeyStoreContract, IClassFixture<TokenFixture>, IDisposable
{
    private readonly Pkcs11KeyStore _store = fixture.Store();

    protected override IKeyStore Store => _store;

    [Fact]
    public async Task A_private_key_cannot_be_read()
    {
        var created = await CreateAsync(KeyAlgorithm.P256, KeyUse.Sign);
        using var session = Session();
        var attributes = TokenConnection.Factories.ObjectAttributeFactory;
        var handle = Assert.Single(session.FindAllObjects([attributes.Create(CKA.CKA_CLASS, CKO.CKO_PRIVATE_KEY), attributes.Create(CKA.CKA_LABEL, created.Reference.Name)]));

        var facts = session.GetAttributeValue(handle, new List<CKA> { CKA.CKA_SENSITIVE, CKA.CKA_EXTRACTABLE, CKA.CKA_VALUE });

        Assert.Equal((true, false, true), (facts[0].GetValueAsBool(), facts[1].GetValueAsBool(), facts[2].CannotBeRead));
    }

    [Fact]
    public async Task A_key_that_somebody_else_destroys_is_not_found()
    {
        var created = await CreateAsync(KeyAlgorithm.P256, KeyUse.Sign);
        var key = _store.Open(created.Reference);
        await key.SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default);
        using (var session = Session())
        {
            session.FindAllObjects([TokenConnection.Factories.ObjectAttributeFactory.Create(CKA.CKA_LABEL, created.Reference.Name)]).ForEach(session.DestroyObject);
        }

        await FailsAsync(KeyStoreFailure.NotFound, () => key.SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default));
    }

    [Fact]
    public async Task Another_process_finds_the_key_again()
    {
        var created = await CreateAsync(KeyAlgorithm.Rsa2048, KeyUse.Decrypt);
        using var again = fixture.Store();
        using var rsa = System.Security.Cryptography.RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(created.SubjectPublicKeyInfo.Span, out _);

        var unwrapped = await again.Open(created.Reference).UnwrapKeyAsync(
            rsa.Encrypt(new byte[16], System.Security.Cryptography.RSAEncryptionPadding.OaepSHA256), KeyTransportScheme.RsaOaepSha256, default);

        Assert.Equal(new byte[16], unwrapped.ToArray());
    }

    public void Dispose() => _store.Dispose();

    // A login is the whole process's: the store has logged in to this token.
    private ISession Session()
    {
        using var connection = TokenConnection.Open(fixture.Options);
        return connection.Take();
    }
}
