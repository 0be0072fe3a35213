using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Keys;

namespace Portal.Cli.Smime;

internal static class ProtectCommand
{
    private const string Gcm = "aes256-gcm";
    private const string Cbc = "aes256-cbc";

    public static Command Make()
    {
        var message = new Argument<FileInfo>("MESSAGE") { CustomParser = Typed.File, Description = "A message as written: header, empty line, body." };
        var keys = KeyFiles.Option("--sign", "Signs with this key, PKCS#12; given several times, several people sign.");
        var passwords = KeyFiles.PasswordOption();
        var recipients = new Option<FileInfo[]>("--encrypt") { HelpName = "CERT.pem", CustomParser = Typed.Files, Description = "Encrypts for this certificate, PEM or DER; may be given several times." };
        var cipher = new Option<string?>("--cipher")
        {
            CustomParser = Typed.OneOf(Gcm, Cbc),
            Description = $"{Gcm}, the default, with RSA-OAEP; {Cbc} with RSA PKCS#1 for software that reads nothing newer.",
        };
        cipher.CompletionSources.Add(Gcm, Cbc);
        var opaque = new Option<bool>("--opaque") { Description = "Signs as application/pkcs7-mime instead of multipart/signed." };
        var label = new Option<string?>("--label") { HelpName = "POLICY[:N[:MARK]]", Description = "A security label: the policy's object identifier, a classification from 0 to 256, a privacy mark." };
        var categories = new Option<string[]>("--category") { HelpName = "OID=TEXT", CustomParser = LabelOption.Categories, Description = "A category of the label; may be given several times." };
        var receipt = new Option<bool>("--request-receipt") { Description = "Asks every reader for a signed receipt to the address in From." };
        var output = OutputOption();
        var protect = new Verb(
            "protect",
            "Signs and encrypts a message with header protection; what is encrypted shows [...] for a Subject.",
            "portal smime protect note.eml --sign alice.p12 --password-file alice.txt --encrypt bob.pem -o sealed.eml",
            "portal smime protect note.eml --sign alice.p12 --password-file alice.txt --opaque --label 1.2.3.4:3:Staff --request-receipt -o signed.eml")
        {
            message, keys, passwords, recipients, cipher, opaque, label, categories, receipt, output,
        };
        protect.SetAction((parsed, cancellationToken) => SmimeCommand.RunAsync(parsed, async voice =>
        {
            var (signs, encrypts) = (IsGiven(parsed, keys), IsGiven(parsed, recipients));
            var contradiction = LabelOption.Read(parsed.GetValue(label), parsed.GetValue(categories) ?? [], out var read)
                ?? (!signs && !encrypts ? "Nothing to do: give --sign, --encrypt or both."
                : !signs && (IsGiven(parsed, label) || IsGiven(parsed, receipt)) ? "A label and the wish for a receipt are signed: give --sign."
                : !signs && IsGiven(parsed, opaque) ? "--opaque is a way to sign: give --sign."
                : !encrypts && IsGiven(parsed, cipher) ? "--cipher is a way to encrypt: give --encrypt."
                : null);
            if (contradiction is not null)
            {
                throw new ContradictionException(contradiction);
            }

            KeyFiles.DemandPairs(parsed.GetValue(keys) ?? [], parsed.GetValue(passwords) ?? []);
            var now = TimeProvider.System.GetUtcNow();
            var file = NamedFile.ToWrite(parsed.GetRequiredValue(output));
            var wanted = new Protection
            {
                Signers = await SignersAsync(parsed.GetValue(keys) ?? [], parsed.GetValue(passwords) ?? [], now, cancellationToken),
                Recipients = await RecipientsAsync(parsed.GetValue(recipients) ?? [], parsed.GetValue(cipher) == Cbc, now, cancellationToken),
                Cipher = parsed.GetValue(cipher) == Cbc ? ContentCipher.Aes256Cbc : ContentCipher.Aes256Gcm,
                Opaque = parsed.GetValue(opaque),
                Label = read,
                RequestsReceipt = parsed.GetValue(receipt),
            };
            await using var source = await MessageFile.OpenWrittenAsync(parsed.GetRequiredValue(message), cancellationToken);
            var written = await WrittenMessage.ReadAsync(source, now, cancellationToken);
            await using var result = await wanted.ApplyAsync(written, now, cancellationToken);
            await NamedFile.WriteAsync(file, destination => result.CopyToAsync(destination, cancellationToken));
            var report = new ProtectReport(file.FullName, wanted.Signers.Count > 0, wanted.Recipients.Count > 0, ProtectReport.Against(wanted, written, result.Length).ToList());
            return await voice.TellAsync(report, report.Lines(wanted.Recipients.Count));
        }));
        return protect;
    }

    public static Option<FileInfo> OutputOption() =>
        new("--output", "-o") { HelpName = "OUT", CustomParser = Typed.File, Required = true, Description = "A new file." };

    /// <exception cref="CryptographicException">In words: none of the keys may sign.</exception>
    public static Signer Signer(KeyFiles keys, DateTimeOffset now)
    {
        var signing = keys.Signing ?? throw new CryptographicException($"{string.Join(", ", keys.All.Select(key => key.File).Distinct())}: There is no key in it that may sign: by its key usage, or since it is too short.");
        FitCertificate.DemandToSign(signing.File, signing.Entry.Certificate, now);
        return new Signer(
            signing.Entry.Certificate,
            signing.Entry.Chain.Where(one => !IsRoot(one)).ToList(),
            signing.Entry.Key,
            KeySchemes.OfSigner(signing.Entry.Certificate)!.Value)
        {
            EncryptionCertificate = keys.Receiving?.Certificate,
        };
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    // One signer of each file: a file may hold a key for signing beside one for receiving.
    private static async Task<IReadOnlyList<Signer>> SignersAsync(FileInfo[] files, FileInfo[] passwords, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var signers = new List<Signer>();
        foreach (var (index, file) in files.Index())
        {
            signers.Add(Signer(await KeyFiles.ReadAsync([file], index < passwords.Length ? [passwords[index]] : [], cancellationToken), now));
        }

        return signers;
    }

    private static async Task<IReadOnlyList<RecipientCertificate>> RecipientsAsync(FileInfo[] files, bool forOldSoftware, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var recipients = new List<RecipientCertificate>();
        foreach (var file in files)
        {
            var certificate = (await TrustFiles.CertificatesAsync(file, cancellationToken))[0];
            FitCertificate.DemandToReceive(file.Name, certificate, now);
            recipients.Add(new RecipientCertificate(certificate, forOldSoftware ? KeyTransportScheme.RsaPkcs1 : KeyTransportScheme.RsaOaepSha256));
        }

        return recipients;
    }

    private static bool IsRoot(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
