namespace Portal.Application.Outbox;

/// <param name="Address">The recipient.</param>
/// <param name="State">How far it got.</param>
/// <param name="At">When it reached that state.</param>
/// <param name="NextAttemptAt">While it is postponed.</param>
/// <param name="ServerAnswer">The mail server's last words.</param>
/// <param name="Protection">The record of algorithms; null for what was not encrypted.</param>
public sealed record DeliveryView(
    string Address, DeliveryState State, DateTimeOffset At, DateTimeOffset? NextAttemptAt, string? ServerAnswer, string? Protection);
