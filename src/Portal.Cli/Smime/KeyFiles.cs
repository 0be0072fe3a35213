using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;

namespace Portal.Cli.Smime;

/// <summary>Private keys from PKCS#12 files, each with the file that holds its password.</summary>
internal sealed class KeyFiles : IDecryptionKeys, IDisposable
{
    private readonly List<Pkcs12Entry> _entries = [];

    public IReadOnlyList<Pkcs12Entry> Entries => _entries;

    /// <summary>The one that signs; null when there is none.</summary>
    public Pkcs12Entry? Signing => _entries.Find(entry => KeySchemes.OfSigner(entry.Certificate) is not null
        && Allows(entry.Certificate, X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation));

    /// <summary>The one that answers may be encrypted for.</summary>
    public Pkcs12Entry? Receiving => _entries.Find(entry => Allows(entry.Certificate, X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyAgreement));

    public static Option<FileInfo[]> Option(string name, string description) => new(name)
    {
        HelpName = "FILE.p12",
        Description = description,
        CustomParser = Typed.Files,
        AllowMultipleArgumentsPerToken = false,
    };

    public static Option<FileInfo[]> PasswordOption() => new("--password-file")
    {
        HelpName = "FILE",
        Description = "Its first line is the password; one for each PKCS#12 file, in the same order. Without one, the file has to open without.",
        CustomParser = Typed.Files,
        AllowMultipleArgumentsPerToken = false,
    };

    /// <exception cref="CryptographicException">In words: which file, and what is wrong with it.</exception>
    public static async Task<KeyFiles> ReadAsync(FileInfo[] files, FileInfo[] passwords, CancellationToken cancellationToken)
    {
        var keys = new KeyFiles();
        foreach (var (index, file) in files.Index())
        {
            var password = index < passwords.Length
                ? (await File.ReadAllLinesAsync(NamedFile.ToRead(passwords[index]).FullName, cancellationToken)).FirstOrDefault() ?? string.Empty
                : string.Empty;
            try
            {
                keys._entries.AddRange(Pkcs12File.Read(await File.ReadAllBytesAsync(NamedFile.ToRead(file).FullName, cancellationToken), password));
            }
            catch (CryptographicException exception)
            {
                throw new CryptographicException($"{file.Name}: {exception.Message}", exception);
            }
        }

        return keys;
    }

    public Task<IReadOnlyList<DecryptionKey>> FindAsync(IReadOnlyList<RecipientIdentifier> recipients, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DecryptionKey>>(_entries
            .SelectMany(entry => RecipientIdentifier.AllOf(entry.Certificate).Select(identifier => new DecryptionKey(identifier, entry.Key)))
            .Where(key => recipients.Contains(key.Recipient)).ToList());

    public void Dispose() => _entries.ForEach(entry => entry.Key.Dispose());

    private static bool Allows(X509Certificate2 certificate, X509KeyUsageFlags usages) =>
        certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is not { } extension || (extension.KeyUsages & usages) != 0;
}
