using System.Text;
using MimeKit;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.KeyBroker;
using Portal.Smime.Cms;
using Portal.Smime.Mime;

namespace Portal.Application.Outbox;

/// <summary>Signs what the portal itself writes, where the organisation has a pair for that which mail programs everywhere trust.</summary>
internal sealed class NoticeSigning(NoticePairs pairs, KeyBroker.KeyBroker broker)
{
    private static readonly FormatOptions Format = Dos();

    /// <returns>The final bytes but for the domain's signature, and what has to be on record with them; not signed where nothing signs, or the key is disabled.</returns>
    /// <exception cref="Smime.Keys.KeyStoreException">The key store does not answer.</exception>
    public async Task<(Spool Message, IReadOnlyCollection<AuditEvent> KeyUses)> WriteAsync(OrganisationId organisation, MimeMessage message, CancellationToken cancellationToken)
    {
        var written = new Spool();
        IReadOnlyCollection<AuditEvent> uses = [];
        if (await pairs.FindAsync(organisation, message.From.Mailboxes.Single().Address, cancellationToken) is { } pair
            && await broker.GrantAsync(new Actor.Portal(organisation, "notices"), pair.Key, KeyTask.SignNotice, cancellationToken) is KeyGrant.Granted granted)
        {
            await WriteSignedAsync(message, new Signer(pair.Certificate, pair.Chain, granted.Key, pair.Scheme), written, cancellationToken);
            uses = granted.Key.Outcomes;
        }
        else
        {
            await message.WriteToAsync(Format, written, cancellationToken);
        }

        await written.CompleteAsync(cancellationToken);
        return (written, uses);
    }

    private static async Task WriteSignedAsync(MimeMessage message, Signer signer, Spool written, CancellationToken cancellationToken)
    {
        var fields = message.Headers.Select(one => new HeaderField(one.Field, Encoding.Latin1.GetString(one.RawValue).TrimEnd('\r', '\n').ReplaceLineEndings("\r\n"))).ToList();
        await written.WriteAsync(Encoding.Latin1.GetBytes(string.Concat(fields.Select(one => $"{one.Name}:{one.Value}\r\n"))), cancellationToken);
        using var body = new MemoryStream();
        await message.Body!.WriteToAsync(Format, body, cancellationToken);
        body.Position = 0;
        await using var entity = await ProtectedEntity.OpenAsync(body, fields, outside: null, cancellationToken);
        await SignedEntity.WriteAsync(entity, [signer], SignedForm.Detached, new SigningProperties(message.Date), written, cancellationToken);
    }

    private static FormatOptions Dos()
    {
        var options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        return options;
    }
}
