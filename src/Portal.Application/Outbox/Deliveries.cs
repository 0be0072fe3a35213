using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Mailboxes;
using Portal.Application.Transport;

namespace Portal.Application.Outbox;

/// <summary>What became of a sent message, recipient by recipient.</summary>
internal static class Deliveries
{
    private const string AddressColumn = "deliveries.sealed_address";
    private const string AnswerColumn = "deliveries.sealed_answer";

    public static Delivery To(string address, OutboxMessage message, SealingKey key, DateTimeOffset now, string? protection = null)
    {
        var id = DeliveryId.New();
        return new Delivery(id, message.OrganisationId, message.Id, key.SealText(address, AddressColumn, id.Value), protection, now);
    }

    public static string Address(this Delivery delivery, SealingKey key) => key.OpenText(delivery.SealedAddress, AddressColumn, delivery.Id.Value);

    public static byte[] SealAnswer(this Delivery delivery, SealingKey key, string answer) => key.SealText(answer, AnswerColumn, delivery.Id.Value);

    public static Task<List<Delivery>> OfSentCopyAsync(
        PortalDbContext db, OrganisationId organisation, StoredMessageId sentCopy, CancellationToken cancellationToken) => db.Deliveries
        .Where(one => one.OrganisationId == organisation)
        .Where(one => db.OutboxMessages.Any(message => message.Id == one.OutboxMessageId && message.SentCopyId == sentCopy))
        .ToListAsync(cancellationToken);

    public static IReadOnlyList<DeliveryView> View(this IEnumerable<Delivery> deliveries, SealingKey key) => deliveries
        .Select(one => new DeliveryView(
            one.Address(key),
            one.State,
            one.At,
            one.NextAttemptAt,
            one.SealedAnswer is null ? null : ServerWords.Read(key.OpenText(one.SealedAnswer, AnswerColumn, one.Id.Value), CultureInfo.CurrentUICulture),
            one.Protection))
        .OrderBy(one => one.Address, StringComparer.OrdinalIgnoreCase)
        .ToList();
}
