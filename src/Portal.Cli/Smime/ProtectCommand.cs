using System.CommandLine;
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
            var isSigned = parsed.GetResult(keys) is not null;
            var wantsSigned = (parsed.GetResult(label) ?? parsed.GetResult(categories) ?? parsed.GetResult(receipt)) is { Implicit: false };
            var contradiction = LabelOption.Read(parsed.GetValue(label), parsed.GetValue(categories) ?? [], out var read)
                ?? (!isSigned && parsed.GetResult(recipients) is null ? "Nothing to do: give --sign, --encrypt or both."
                : !isSigned && wantsSigned ? "A label and the wish for a receipt are signed: give --sign."
                : null);
            if (contradiction is not null)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(contradiction);
                return ExitCodes.Usage;
            }

            var wanted = new Protection
            {
                Signers = await SignersAsync(parsed.GetValue(keys) ?? [], parsed.GetValue(passwords) ?? [], cancellationToken),
                Recipients = await RecipientsAsync(parsed.GetValue(recipients) ?? [], parsed.GetValue(cipher) == Cbc, cancellationToken),
                Cipher = parsed.GetValue(cipher) == Cbc ? ContentCipher.Aes256Cbc : ContentCipher.Aes256Gcm,
                Opaque = parsed.GetValue(opaque),
                Label = read,
                RequestsReceipt = parsed.GetValue(receipt),
            };
            var file = NamedFile.ToWrite(parsed.GetRequiredValue(output));
            await using var source = NamedFile.ToRead(parsed.GetRequiredValue(message)).OpenRead();
            await using var written = await wanted.ApplyAsync(source, cancellationToken);
            await using (var destination = new FileStream(file.FullName, FileMode.CreateNew))
            {
                await written.CopyToAsync(destination, cancellationToken);
            }

            return await voice.TellAsync(
                new { file = file.FullName, signed = wanted.Signers.Count > 0, encrypted = wanted.Recipients.Count > 0 },
                $"{file.FullName}: {(wanted.Signers.Count > 0 ? "signed" : "not signed")}, {(wanted.Recipients.Count > 0 ? $"encrypted for {wanted.Recipients.Count}" : "not encrypted")}");
        }));
        return protect;
    }

    public static Option<FileInfo> OutputOption() =>
        new("--output", "-o") { HelpName = "OUT", CustomParser = Typed.File, Required = true, Description = "A new file." };

    // One signer of each file: a file may hold a key for signing beside one for receiving.
    private static async Task<IReadOnlyList<Signer>> SignersAsync(FileInfo[] files, FileInfo[] passwords, CancellationToken cancellationToken)
    {
        var signers = new List<Signer>();
        foreach (var (index, file) in files.Index())
        {
            var keys = await KeyFiles.ReadAsync([file], index < passwords.Length ? [passwords[index]] : [], cancellationToken);
            signers.Add(Signer(keys) ?? throw new IOException($"{file.Name} holds no key that may sign."));
        }

        return signers;
    }

    public static Signer? Signer(KeyFiles keys) => keys.Signing is { } entry
        ? new Signer(entry.Certificate, entry.Chain.Where(one => !IsRoot(one)).ToList(), entry.Key, KeySchemes.OfSigner(entry.Certificate)!.Value)
        {
            EncryptionCertificate = keys.Receiving?.Certificate,
        }
        : null;

    private static async Task<IReadOnlyList<RecipientCertificate>> RecipientsAsync(FileInfo[] files, bool forOldSoftware, CancellationToken cancellationToken)
    {
        var recipients = new List<RecipientCertificate>();
        foreach (var file in files)
        {
            var certificate = (await TrustFiles.CertificatesAsync(file, cancellationToken))[0];
            recipients.Add(new RecipientCertificate(certificate, forOldSoftware ? KeyTransportScheme.RsaPkcs1 : KeyTransportScheme.RsaOaepSha256));
        }

        return recipients;
    }

    private static bool IsRoot(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
