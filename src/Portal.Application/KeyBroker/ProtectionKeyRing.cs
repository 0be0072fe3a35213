using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Organisations;

namespace Portal.Application.KeyBroker;

/// <summary>Data Protection's key ring in the database, for every node the same.</summary>
internal sealed class ProtectionKeyRing(PortalDatabase database) : IXmlRepository
{
    // The interface is synchronous; it is asked at start and when a key is renewed, never in a request's hot path.
    public IReadOnlyCollection<XElement> GetAllElements() => ReadAsync().GetAwaiter().GetResult();

    public void StoreElement(XElement element, string friendlyName) => WriteAsync(element, friendlyName).GetAwaiter().GetResult();

    private async Task<IReadOnlyCollection<XElement>> ReadAsync()
    {
        await using var db = await database.InstallationAsync(CancellationToken.None).ConfigureAwait(false);
        var keys = await db.ProtectionKeys.AsNoTracking().ToListAsync().ConfigureAwait(false);
        return keys.ConvertAll(key => XElement.Parse(key.Xml));
    }

    private async Task WriteAsync(XElement element, string friendlyName)
    {
        await using var db = await database.InstallationAsync(CancellationToken.None).ConfigureAwait(false);
        db.ProtectionKeys.Add(new ProtectionKey(friendlyName, element.ToString(SaveOptions.DisableFormatting)));
        await db.CommitAsync(CancellationToken.None).ConfigureAwait(false);
    }
}

/// <summary>Seals keys of the ring under the installation's system secret.</summary>
internal sealed class SystemKeyXmlEncryptor(SystemKey systemKey) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var value = systemKey.Seal(System.Text.Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting)));
        return new EncryptedXmlInfo(new XElement("sealed", Convert.ToBase64String(value)), typeof(SystemKeyXmlDecryptor));
    }
}

/// <summary>Made by Data Protection from the name that is stored with the key.</summary>
internal sealed class SystemKeyXmlDecryptor : IXmlDecryptor
{
    private readonly SystemKey _systemKey;

    public SystemKeyXmlDecryptor(IServiceProvider services) => _systemKey = services.GetRequiredService<SystemKey>();

    public XElement Decrypt(XElement encryptedElement)
    {
        var plaintext = _systemKey.Open(Convert.FromBase64String(encryptedElement.Value));
        return XElement.Parse(System.Text.Encoding.UTF8.GetString(plaintext));
    }
}
