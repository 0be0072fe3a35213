using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Net.Pkcs11Interop.HighLevelAPI.Factories;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Pkcs11;

internal sealed class Pkcs11PrivateKey(KeyReference reference, Token token) : IPrivateKey
{
    public KeyReference Reference => reference;

    private static IObjectAttributeFactory Attributes => TokenConnection.Factories.ObjectAttributeFactory;

    public Task<ReadOnlyMemory<byte>> SignDigestAsync(ReadOnlyMemory<byte> digest, SignatureScheme scheme, CancellationToken cancellationToken)
    {
        Demand(!scheme.SignsMessages(), $"{scheme} takes no digest.");
        Demand(digest.Length == TokenSchemes.DigestLength(scheme), "The digest is not as long as the scheme says.");
        return UseAsync(KeyUse.Sign, (_, session, key) => Sign(session, key, digest, scheme), cancellationToken);
    }

    public Task<ReadOnlyMemory<byte>> SignMessageAsync(ReadOnlyMemory<byte> message, SignatureScheme scheme, CancellationToken cancellationToken) =>
        throw new KeyStoreException(KeyStoreFailure.Refused, $"The key {reference} does not sign by {scheme}.");

    public Task<ReadOnlyMemory<byte>> UnwrapKeyAsync(ReadOnlyMemory<byte> encryptedKey, KeyTransportScheme scheme, CancellationToken cancellationToken) =>
        UseAsync(KeyUse.Decrypt, (connection, session, key) => Unwrap(connection, session, key, encryptedKey.ToArray(), scheme), cancellationToken);

    public Task<ReadOnlyMemory<byte>> DeriveAsync(ReadOnlyMemory<byte> peerPublicKey, CancellationToken cancellationToken) =>
        UseAsync(KeyUse.Decrypt, (_, session, key) => Derive(session, key, peerPublicKey), cancellationToken);

    private Task<ReadOnlyMemory<byte>> UseAsync(
        KeyUse use, Func<TokenConnection, ISession, TokenKey, ReadOnlyMemory<byte>> compute, CancellationToken cancellationToken) => token.RunAsync(
        (connection, session) =>
        {
            if (connection.Keys.TryGetValue(reference, out var known))
            {
                try
                {
                    return compute(connection, session, Allowed(known, use));
                }
                catch (Pkcs11Exception exception) when (Pkcs11Failures.IsHandleInvalid(exception))
                {
                    // Destroyed by somebody, or put there anew.
                    connection.Keys.TryRemove(reference, out _);
                }
            }

            return compute(connection, session, Allowed(connection.Keys[reference] = Find(connection, session), use));
        },
        cancellationToken);

    private TokenKey Find(TokenConnection connection, ISession session)
    {
        var handles = session.FindAllObjects(
        [
            Attributes.Create(CKA.CKA_CLASS, CKO.CKO_PRIVATE_KEY),
            Attributes.Create(CKA.CKA_LABEL, reference.Name),
            Attributes.Create(CKA.CKA_ID, Convert.FromHexString(reference.Version)),
        ]);
        if (handles is not [var handle])
        {
            throw connection.ShowsNoKeysAnyMore(session)
                ? new TokenLostException()
                : new KeyStoreException(KeyStoreFailure.NotFound, $"There is no key {reference}.");
        }

        connection.HasSeenKeys = true;
        var isRsa = session.GetAttributeValue(handle, new List<CKA> { CKA.CKA_KEY_TYPE })[0].GetValueAsUlong() == (ulong)CKK.CKK_RSA;
        var values = session.GetAttributeValue(handle, new List<CKA> { CKA.CKA_SIGN, isRsa ? CKA.CKA_MODULUS : CKA.CKA_EC_PARAMS });
        return new TokenKey(
            handle,
            values[0].GetValueAsBool() ? KeyUse.Sign : KeyUse.Decrypt,
            isRsa ? values[1].GetValueAsByteArray() : [],
            isRsa ? [] : values[1].GetValueAsByteArray());
    }

    private TokenKey Allowed(TokenKey key, KeyUse use) =>
        key.Use == use ? key : throw new KeyStoreException(KeyStoreFailure.Refused, $"The key {reference} is not for this use.");

    private ReadOnlyMemory<byte> Sign(ISession session, TokenKey key, ReadOnlyMemory<byte> digest, SignatureScheme scheme)
    {
        Demand(scheme.IsRsa() == key.IsRsa, $"The key {reference} does not sign by {scheme}.");
        return session.Sign(
            TokenSchemes.Mechanism(scheme),
            key.Handle,
            scheme.IsRsa() && !scheme.IsPss() ? TokenSchemes.DigestInfo(digest.Span, scheme) : digest.ToArray());
    }

    private ReadOnlyMemory<byte> Unwrap(TokenConnection connection, ISession session, TokenKey key, byte[] encryptedKey, KeyTransportScheme scheme)
    {
        Demand(key.IsRsa, $"The key {reference} is no RSA key.");
        if (encryptedKey.Length != key.Modulus.Length || encryptedKey.AsSpan().SequenceCompareTo(key.Modulus) >= 0)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        // Where the token can, it only computes: its own unpadding answers differently to different mistakes, or knows SHA-1 only.
        try
        {
            return connection.Mechanisms.Contains(CKM.CKM_RSA_X_509)
                ? UnwrapRaw(session, key, encryptedKey, scheme)
                : session.Decrypt(TokenSchemes.Mechanism(scheme), key.Handle, encryptedKey);
        }
        catch (Pkcs11Exception exception) when (Pkcs11Failures.IsCiphertextInvalid(exception))
        {
            return ReadOnlyMemory<byte>.Empty;
        }
    }

    private static byte[] UnwrapRaw(ISession session, TokenKey key, byte[] encryptedKey, KeyTransportScheme scheme)
    {
        var block = session.Decrypt(TokenConnection.Factories.MechanismFactory.Create(CKM.CKM_RSA_X_509), key.Handle, encryptedKey);
        try
        {
            return scheme == KeyTransportScheme.RsaPkcs1 ? RsaUnpadding.Pkcs1(block) : RsaUnpadding.Oaep(block, scheme.Padding().OaepHashAlgorithm);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(block);
        }
    }

    private ReadOnlyMemory<byte> Derive(ISession session, TokenKey key, ReadOnlyMemory<byte> peerPublicKey)
    {
        Demand(!key.IsRsa, $"The key {reference} agrees on no keys.");
        var point = TokenCurves.PeerPoint(key.Curve, peerPublicKey.Span);
        Demand(point is not null, "The peer's public key is none of this key's curve.");
        var length = point!.Length / 2;
        using var parameters = TokenConnection.Factories.MechanismParamsFactory.CreateCkEcdh1DeriveParams((ulong)CKD.CKD_NULL, null, point);
        var derived = session.DeriveKey(
            TokenConnection.Factories.MechanismFactory.Create(CKM.CKM_ECDH1_DERIVE, parameters),
            key.Handle,
            [
                Attributes.Create(CKA.CKA_TOKEN, false),
                Attributes.Create(CKA.CKA_CLASS, CKO.CKO_SECRET_KEY),
                Attributes.Create(CKA.CKA_KEY_TYPE, CKK.CKK_GENERIC_SECRET),
                Attributes.Create(CKA.CKA_SENSITIVE, false),
                Attributes.Create(CKA.CKA_EXTRACTABLE, true),
                Attributes.Create(CKA.CKA_VALUE_LEN, (ulong)length),
            ]);
        try
        {
            var secret = session.GetAttributeValue(derived, new List<CKA> { CKA.CKA_VALUE })[0].GetValueAsByteArray();
            return secret.Length == length ? secret : [.. new byte[length - secret.Length], .. secret];
        }
        finally
        {
            session.DestroyObject(derived);
        }
    }

    private static void Demand(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new KeyStoreException(KeyStoreFailure.Refused, otherwise);
        }
    }
}
