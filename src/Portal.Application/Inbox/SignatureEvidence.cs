using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;
using Portal.Application.AtRest;
using Portal.Application.Mailboxes;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Application.Inbox;

/// <summary>What a judgement on signatures rests on (validation data, RFC 5126 §6).</summary>
/// <param name="Verdict">What it came to.</param>
/// <param name="Signers">In the message's order.</param>
internal sealed record SignatureEvidence(MessageVerdict Verdict, IReadOnlyList<SignerEvidence> Signers)
{
    private const string Column = "signature_judgements.sealed_evidence";

    public byte[] Seal(SealingKey key, StoredMessageId message) =>
        key.SealRecord(this, SignatureEvidenceJson.Default.SignatureEvidence, Column, message.Value);

    public static SignatureEvidence Open(SealingKey key, SignatureJudgement judgement) =>
        key.OpenRecord(judgement.SealedEvidence, SignatureEvidenceJson.Default.SignatureEvidence, Column, judgement.MessageId.Value);
}

/// <param name="Path">DER, from the signer as far up as it went; to the anchor, where it was valid.</param>
/// <param name="Statements">What says of each of them that it was good.</param>
/// <param name="Answers">OCSP responses, DER.</param>
/// <param name="Lists">SHA-256 of revocation lists, hexadecimal; they are kept apart.</param>
internal sealed record SignerEvidence(
    IReadOnlyList<byte[]> Path, IReadOnlyList<RevocationStatement> Statements, IReadOnlyList<byte[]> Answers, IReadOnlyList<string> Lists);

internal sealed record RevocationStatement(RevocationSource Source, DateTimeOffset? ThisUpdate);

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(SignatureEvidence))]
internal sealed partial class SignatureEvidenceJson : JsonSerializerContext;

/// <summary>What an engine's judgement rests on.</summary>
/// <param name="Evidence">To be sealed with the message.</param>
/// <param name="Files">Revocation lists, DER.</param>
/// <param name="Unknown">The longest path that leads to nobody whom we know; null when there is none.</param>
/// <param name="Anchor">Of the first valid path; null without.</param>
/// <param name="LacksRevocation">Of at least one certificate it could not be said whether it was revoked.</param>
internal sealed record FoundEvidence(
    SignatureEvidence Evidence, IReadOnlyList<ReadOnlyMemory<byte>> Files, IReadOnlyList<X509Certificate2>? Unknown, X509Certificate2? Anchor, bool LacksRevocation)
{
    /// <summary>Something that is published elsewhere may change the judgement.</summary>
    public bool LacksAnything => Unknown is not null || LacksRevocation;

    /// <returns>Null when nothing is signed.</returns>
    public static FoundEvidence? In(CryptographicSummary summary, MessageVerdict verdict)
    {
        if (summary.Signers.Count == 0)
        {
            return null;
        }

        var files = new List<ReadOnlyMemory<byte>>();
        var signers = summary.Signers.Select(signer => Of(signer.Path, files)).ToList();
        var invalid = summary.Signers.Select(signer => signer.Path).OfType<PathValidation.Invalid>().ToList();
        return new FoundEvidence(
            new SignatureEvidence(verdict, signers),
            files,
            invalid.Where(one => one.Failure == PathFailure.UnknownAuthority).Select(Longest).FirstOrDefault(),
            summary.Signers.Select(signer => signer.Path).OfType<PathValidation.Valid>().FirstOrDefault()?.Anchor.Certificate,
            invalid.Exists(one => one.Failure == PathFailure.RevocationUnknown));
    }

    private static SignerEvidence Of(PathValidation? validation, List<ReadOnlyMemory<byte>> files)
    {
        if (validation is not PathValidation.Valid valid)
        {
            return new SignerEvidence(validation is null ? [] : Longest(validation).Select(one => one.RawData).ToList(), [], [], []);
        }

        var (answers, lists) = (new List<byte[]>(), new List<string>());
        foreach (var one in valid.Revocation)
        {
            if (one.Source == RevocationSource.OcspResponse)
            {
                answers.AddRange(one.Encoded.Select(answer => answer.ToArray()));
                continue;
            }

            files.AddRange(one.Encoded);
            lists.AddRange(one.Encoded.Select(list => Convert.ToHexString(SHA256.HashData(list.Span))));
        }

        return new SignerEvidence(
            valid.Path.Select(one => one.RawData).ToList(),
            valid.Revocation.Select(one => new RevocationStatement(one.Source, one.ThisUpdate)).ToList(),
            answers,
            lists.Distinct().ToList());
    }

    private static IReadOnlyList<X509Certificate2> Longest(PathValidation validation) =>
        validation.Attempts.Select(one => one.Path).MaxBy(path => path.Count) ?? [];
}
