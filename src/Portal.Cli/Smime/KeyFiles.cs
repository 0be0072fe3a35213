using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;

namespace Portal.Cli.Smime;

/// <param name="File">Its name.</param>
/// <param name="Entry">One of the keys in it.</param>
internal sealed record NamedKey(string File, Pkcs12Entry Entry);

/// <summary>Private keys from PKCS#12 files, each with the file that holds its password.</summary>
internal sealed class KeyFiles : IDecryptionKeys, IDisposable
{
    private readonly List<NamedKey> _keys = [];

    public IReadOnlyList<NamedKey> All => _keys;

    /// <summary>The one that signs; null when there is none.</summary>
    public NamedKey? Signing => _keys.Find(key => KeySchemes.OfSigner(key.Entry.Certificate) is not null
        && Allows(key.Entry.Certificate, X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation));

    /// <summary>The one that answers may be encrypted for.</summary>
    public Pkcs12Entry? Receiving => _keys.Find(key => Allows(key.Entry.Certificate, X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyAgreement))?.Entry;

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
    /// <exception cref="ContradictionException">There is a password for no file.</exception>
    public static async Task<KeyFiles> ReadAsync(FileInfo[] files, FileInfo[] passwords, CancellationToken cancellationToken)
    {
        DemandPairs(files, passwords);
        var keys = new KeyFiles();
        foreach (var (index, file) in files.Index())
        {
            var password = index < passwords.Length
                ? Encoding.UTF8.GetString(await NamedFile.ReadAsync(passwords[index], cancellationToken)).TrimStart('\uFEFF').Split('\r', '\n')[0]
                : null;
            var entries = Read(file.Name, await NamedFile.ReadAsync(file, cancellationToken), password);
            keys._keys.AddRange(entries.Select(entry => new NamedKey(file.Name, entry)));
        }

        return keys;
    }

    /// <exception cref="ContradictionException">There is a password for no file.</exception>
    public static void DemandPairs(FileInfo[] files, FileInfo[] passwords)
    {
        if (passwords.Length > files.Length)
        {
            throw new ContradictionException("There are more --password-file than files with keys: each belongs to the key file at the same place.");
        }
    }

    public Task<IReadOnlyList<DecryptionKey>> FindAsync(IReadOnlyList<RecipientIdentifier> recipients, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DecryptionKey>>(_keys
            .SelectMany(key => RecipientIdentifier.AllOf(key.Entry.Certificate).Select(identifier => new DecryptionKey(identifier, key.Entry.Key)))
            .Where(key => recipients.Contains(key.Recipient)).ToList());

    public void Dispose() => _keys.ForEach(key => key.Entry.Key.Dispose());

    private static IReadOnlyList<Pkcs12Entry> Read(string file, byte[] content, string? password)
    {
        IReadOnlyList<Pkcs12Entry> entries;
        try
        {
            entries = Pkcs12File.Read(content, password);
        }
        catch (CryptographicException exception)
        {
            var words = password is null ? "It is no PKCS#12 file, or one with a password: give --password-file." : exception.Message;
            throw new CryptographicException($"{file}: {words}", exception);
        }

        return entries.Count > 0 ? entries : throw new CryptographicException($"{file}: There is no private key in it that has its certificate beside it.");
    }

    private static bool Allows(X509Certificate2 certificate, X509KeyUsageFlags usages) =>
        certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is not { } extension || (extension.KeyUsages & usages) != 0;
}
