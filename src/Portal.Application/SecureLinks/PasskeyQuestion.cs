using System.Text.Json;

namespace Portal.Application.SecureLinks;

/// <param name="Options">What the browser needs for navigator.credentials, as JSON.</param>
/// <param name="State">For the browser's sealed cookie; it comes back with the answer.</param>
public sealed record PasskeyQuestion(string Options, string State)
{
    public override string ToString() => nameof(PasskeyQuestion);
}

/// <summary>What a reader's browser was asked, until it answers.</summary>
/// <param name="Reader">Who.</param>
/// <param name="Session">In which they add one; null for who has proved nothing yet.</param>
/// <param name="Round">The reader's when it was asked: one answer is looked at in each, right or wrong.</param>
/// <param name="At">When.</param>
/// <param name="Challenge">As the handler wants it back.</param>
internal sealed record PasskeyAsked(Guid Reader, Guid? Session, long Round, DateTimeOffset At, string Challenge)
{
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(5);

    public string ToState() => JsonSerializer.Serialize(this);

    /// <returns>Null for what was asked of others, too long ago, or never.</returns>
    public static PasskeyAsked? Of(string? state, ReaderId reader, ReaderSessionId? session, DateTimeOffset now)
    {
        var asked = string.IsNullOrEmpty(state) ? null : JsonSerializer.Deserialize<PasskeyAsked>(state);
        return asked is not null && asked.Reader == reader.Value && asked.Session == session?.Value && now < asked.At + Lasts ? asked : null;
    }
}
