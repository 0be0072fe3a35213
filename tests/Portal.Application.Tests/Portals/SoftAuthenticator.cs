using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Portal.Application.Tests.Portals;

/// <summary>A browser and an authenticator of one passkey (WebAuthn Level 3, ES256), which do everything right unless they are told otherwise.</summary>
internal sealed class SoftAuthenticator : IDisposable
{
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const byte HasCredential = 0x40;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] Id { get; init; } = RandomNumberGenerator.GetBytes(16);

    /// <summary>Where the browser is.</summary>
    public string Origin { get; set; } = "https://mail.example.test";

    /// <summary>The RP ID.</summary>
    public string Host { get; set; } = "mail.example.test";

    public bool AsksWhoIsThere { get; set; } = true;

    /// <summary>Of the next use.</summary>
    public uint Count { get; set; } = 1;

    public bool SignsSomethingElse { get; set; }

    public bool IsFramed { get; set; }

    public string Create(string options)
    {
        var parameters = _key.ExportParameters(includePrivateParameters: false);
        byte[] publicKey = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. parameters.Q.X!, 0x22, 0x58, 0x20, .. parameters.Q.Y!];
        byte[] data = [.. Data(HasCredential), .. new byte[16], 0, (byte)Id.Length, .. Id, .. publicKey];
        byte[] attestation = [0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x58, (byte)data.Length, .. data];
        return Answer(new { clientDataJSON = Text(Client(options, "webauthn.create")), attestationObject = Text(attestation), transports = (string[])["internal"] });
    }

    public string Use(string options)
    {
        var (client, data) = (Client(options, "webauthn.get"), Data(0));
        byte[] signed = [.. data, .. SHA256.HashData(client)];
        signed[^1] ^= (byte)(SignsSomethingElse ? 1 : 0);
        var signature = _key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(new { clientDataJSON = Text(client), authenticatorData = Text(data), signature = Text(signature), userHandle = (string?)null });
    }

    public void Dispose() => _key.Dispose();

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private string Answer(object response) =>
        JsonSerializer.Serialize(new { id = Text(Id), rawId = Text(Id), type = "public-key", response, clientExtensionResults = new { }, authenticatorAttachment = "platform" });

    private byte[] Client(string options, string type)
    {
        using var asked = JsonDocument.Parse(options);
        return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { type, challenge = asked.RootElement.GetProperty("challenge").GetString(), origin = Origin, crossOrigin = IsFramed }));
    }

    private byte[] Data(byte flags)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, Count);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(Host)), (byte)(flags | UserPresent | (AsksWhoIsThere ? UserVerified : 0)), .. count];
    }
}
