using Portal.Application.AtRest;

namespace Portal.Application.SecureLinks;

/// <param name="Link">The reader's own.</param>
/// <param name="Opening">In this session.</param>
/// <param name="GivesOriginal">It is signed, and the organisation lets readers have that.</param>
/// <param name="LacksProof">It asks for their passkey or app, and they came without.</param>
internal sealed record ReadersLink(FoundLink Link, LinkOpening? Opening, bool GivesOriginal, bool LacksProof)
{
    private const string KeyColumn = "link_openings.sealed_key";

    /// <summary>From now on this session reads it.</summary>
    public static LinkOpening Open(SignedInReader reader, SecureLink link, SealingKey content, DateTimeOffset now)
    {
        var opening = new LinkOpening(link, reader.Actor.Session, reader.Proof, now);
        Hold(reader, opening, content);
        return opening;
    }

    public static void Hold(SignedInReader reader, LinkOpening opening, SealingKey content)
    {
        using var session = ReaderSessions.KeyOf(reader);
        opening.Hold(content.SealUnder(session, Context(opening.LinkId)));
    }

    /// <returns>Of the content, to be disposed; null when it was not opened in this session.</returns>
    public SealingKey? Key(SignedInReader reader) => KeyOf(reader, Opening);

    /// <inheritdoc cref="Key"/>
    public static SealingKey? KeyOf(SignedInReader reader, LinkOpening? opening)
    {
        if (opening?.SealedKey is not { } held)
        {
            return null;
        }

        using var session = ReaderSessions.KeyOf(reader);
        return SealingKey.OpenUnder(session, held, Context(opening.LinkId));
    }

    private static byte[] Context(SecureLinkId link) => SealedValue.Context(KeyColumn, link.Value);
}
