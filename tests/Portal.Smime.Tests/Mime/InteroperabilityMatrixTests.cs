using System.Security.Cryptography;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>Signer's algorithm × form × cipher × recipients × framing, whole messages, both ways with openssl.</summary>
public sealed class InteroperabilityMatrixTests : IDisposable
{
    private const string Address = "alice@example.org";
    private static readonly Dictionary<string, Person> Signers = new()
    {
        ["RSA"] = Pki.Alice,
        ["P-256"] = Person.With(Address, ECDsa.Create(ECCurve.NamedCurves.nistP256)),
        ["P-384"] = Person.With(Address, ECDsa.Create(ECCurve.NamedCurves.nistP384)),
        ["P-521"] = Person.With(Address, ECDsa.Create(ECCurve.NamedCurves.nistP521)),
    };

    private static readonly (string Key, SignatureScheme Scheme, string OpenSsl)[] Schemes =
    [
        ("RSA", SignatureScheme.RsaPkcs1Sha256, "-md sha256"),
        ("RSA", SignatureScheme.RsaPkcs1Sha512, "-md sha512"),
        ("RSA", SignatureScheme.RsaPssSha256, "-md sha256 -keyopt rsa_padding_mode:pss"),
        ("RSA", SignatureScheme.RsaPssSha384, "-md sha384 -keyopt rsa_padding_mode:pss"),
        ("P-256", SignatureScheme.EcdsaSha256, "-md sha256"),
        ("P-384", SignatureScheme.EcdsaSha384, "-md sha384"),
        ("P-521", SignatureScheme.EcdsaSha512, "-md sha512"),
    ];

    private static readonly (ContentCipher Cipher, string OpenSsl)[] Ciphers =
    [
        (ContentCipher.Aes256Gcm, "-aes-256-gcm"), (ContentCipher.Aes128Gcm, "-aes-128-gcm"),
        (ContentCipher.Aes256Cbc, "-aes256"), (ContentCipher.Aes128Cbc, "-aes128"),
    ];

    private static readonly Person[][] Recipients = [[Pki.Bob], [Curves.P256], [Curves.P384, Curves.P521], [Pki.Bob, Curves.P256, Pki.Carol]];

    private readonly Workbench _bench = new();

    public static TheoryData<int> EveryScheme => [.. Enumerable.Range(0, Schemes.Length)];

    public void Dispose() => _bench.Dispose();

    [Theory]
    [MemberData(nameof(EveryScheme))]
    public async Task What_openssl_signs_and_encrypts_is_valid(int index)
    {
        var (key, _, options) = Schemes[index];
        var text = _bench.Write("text", Mail.Bytes(Mail.Text));
        foreach (var (form, framing) in new[] { ("", ""), ("-nodetach", ""), ("-nodetach -stream -indef", "-stream -indef") })
        {
            // openssl writes the algorithm of PSS only after it has streamed what comes before it, and fails ("illegal zero content").
            if (form.Contains("-stream", StringComparison.Ordinal) && options.Contains("pss", StringComparison.Ordinal))
            {
                continue;
            }

            var signed = _bench.Write("signed", await _bench.RunAsync(
            [
                "cms", "-sign", "-in", text, "-certfile", _bench.Chain, "-signer", _bench.CertificateOf(Signers[key]), "-inkey", _bench.KeyOf(Signers[key]),
                .. Words(options), .. Words(form),
            ]));
            foreach (var (cipher, cipherOption) in Ciphers)
            {
                foreach (var recipients in Recipients)
                {
                    var encrypted = await _bench.RunAsync(
                        ["cms", "-encrypt", "-in", signed, cipherOption, .. Words(framing), .. recipients.Select(_bench.CertificateOf)]);
                    var opened = await Opened.FromAsync(Mail.Message(encrypted), Opened.Context(keys: TestKeys.Of(recipients[^1])));

                    Assert.True(opened.Verdict == Verdict.SignedValid, $"{options} {form} {cipher} {recipients.Length}: {opened.Why}");
                    Assert.Equal(Mail.Text, Mail.String(opened.Payload!));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(EveryScheme))]
    public async Task What_we_sign_and_encrypt_is_read_by_openssl(int index)
    {
        var (key, scheme, _) = Schemes[index];
        foreach (var form in Enum.GetValues<SignedForm>())
        {
            var signed = await Mail.SignAsync(Mail.Bytes(Mail.Text), Signers[key].Signer with { Scheme = scheme }, form);
            foreach (var (cipher, _) in Ciphers)
            {
                foreach (var recipients in Recipients)
                {
                    var path = _bench.Write("ours", await Mail.EncryptAsync(signed, cipher, recipients: recipients));
                    var reader = recipients[^1];
                    var inner = _bench.Write("inner", await _bench.RunAsync(
                        "cms", "-decrypt", "-in", path, "-recip", _bench.CertificateOf(reader), "-inkey", _bench.KeyOf(reader)));
                    var content = await _bench.RunAsync("cms", "-verify", "-in", inner, "-CAfile", _bench.Root, "-purpose", "smimesign", "-cades");

                    Assert.Equal(Mail.Text, Mail.String(content));
                }
            }
        }
    }

    // RFC 2634 §1.1.
    [Fact]
    public async Task A_triple_wrapped_message_is_opened_by_both()
    {
        var inner = await Mail.SignAsync(Mail.Text, Pki.Alice);
        var encrypted = await Mail.EncryptAsync(inner, ContentCipher.Aes256Gcm);
        var outer = await Mail.SignAsync(encrypted, Pki.Alice.Signer);

        var opened = await Opened.FromAsync(Mail.Message(outer));
        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.Equal([LayerKind.ClearSigned, LayerKind.AuthEnveloped, LayerKind.ClearSigned], opened.Message.Layers.Select(layer => layer.Kind));

        string[] verify = ["cms", "-verify", "-CAfile", _bench.Root, "-purpose", "smimesign", "-in"];
        var unwrapped = _bench.Write("unwrapped", await _bench.RunAsync([.. verify, _bench.Write("outer", outer)]));
        var decrypted = _bench.Write("decrypted", await _bench.RunAsync(
            "cms", "-decrypt", "-in", unwrapped, "-recip", _bench.CertificateOf(Pki.Bob), "-inkey", _bench.KeyOf(Pki.Bob)));
        Assert.Equal(Mail.Text, Mail.String(await _bench.RunAsync([.. verify, decrypted])));
    }

    private static string[] Words(string options) => options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
