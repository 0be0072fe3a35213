using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;

namespace Portal.Application.Setup.Demo;

/// <param name="FromName">As displayed.</param>
/// <param name="FromAddress">The addr-spec.</param>
/// <param name="Subject">One line.</param>
/// <param name="Content">What it says.</param>
/// <param name="At">When it was sent, and arrived.</param>
internal sealed record DemoMessage(string FromName, string FromAddress, string Subject, MimeEntity Content, DateTimeOffset At)
{
    public Signer? Signer { get; init; }

    /// <summary>The signer's certificate for answers.</summary>
    public X509Certificate2? EncryptionCertificate { get; init; }

    public X509Certificate2? EncryptFor { get; init; }

    /// <summary>A word of the content that is replaced by another of its length after signing.</summary>
    public (string Word, string By)? Altered { get; init; }

    /// <returns>The raw message.</returns>
    public async Task<byte[]> WriteAsync(string to, CancellationToken cancellationToken)
    {
        var content = await EntityAsync(cancellationToken);
        if (Signer is not null)
        {
            content = await SignedAsync(content, Signer with { EncryptionCertificate = EncryptionCertificate }, cancellationToken);
        }

        if (Altered is { } altered)
        {
            content = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace(altered.Word, altered.By, StringComparison.Ordinal));
        }

        if (EncryptFor is not null)
        {
            content = await EncryptedAsync(content, EncryptFor, cancellationToken);
        }

        return [.. Header(to), .. content];
    }

    private byte[] Header(string to)
    {
        var from = new MailboxAddress(FromName, FromAddress).ToString(FormatOptions.Default, encode: true);
        var subject = Encoding.ASCII.GetString(MimeKit.Utils.Rfc2047.EncodeText(Encoding.UTF8, Subject));
        return Encoding.ASCII.GetBytes(
            $"From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {MimeKit.Utils.DateUtils.FormatDate(At)}\r\n"
            + $"Message-ID: <{Guid.NewGuid():N}@{FromAddress.Split('@')[1]}>\r\nMIME-Version: 1.0\r\n");
    }

    private async Task<byte[]> EntityAsync(CancellationToken cancellationToken)
    {
        var options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        using var written = new MemoryStream();
        await Content.WriteToAsync(options, written, cancellationToken);
        return written.ToArray();
    }

    private async Task<byte[]> SignedAsync(byte[] content, Signer signer, CancellationToken cancellationToken)
    {
        using var entity = new MemoryStream(content);
        using var written = new MemoryStream();
        await SignedEntity.WriteAsync(entity, [signer], SignedForm.Detached, new SigningProperties(At), written, cancellationToken);
        return written.ToArray();
    }

    private static async Task<byte[]> EncryptedAsync(byte[] content, X509Certificate2 recipient, CancellationToken cancellationToken)
    {
        using var entity = new MemoryStream(content);
        using var written = new MemoryStream();
        await EncryptedEntity.WriteAsync(
            entity, [new RecipientCertificate(recipient, KeyTransportScheme.RsaPkcs1)], ContentCipher.Aes256Cbc, written, cancellationToken);
        return written.ToArray();
    }
}
