using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Application.Policies;

/// <summary>What a rule asks for. What comes later is stricter; a warning is added to whatever else holds.</summary>
public enum RuleAction
{
    /// <summary>The sender confirms a sentence first.</summary>
    Warn,

    /// <summary>Not without a signature.</summary>
    Sign,

    /// <summary>Not readable on its way, and so not to whoever has no usable certificate.</summary>
    Encrypt,

    /// <summary>Not at all.</summary>
    Refuse,
}

/// <summary>Whom a rule is about.</summary>
public enum RuleRecipients
{
    Everybody,

    /// <summary>Addresses in none of the organisation's own domains.</summary>
    Outside,

    Domain,

    DomainAndBelow,
}

/// <summary>A rule as it is written down. A condition that is empty is none; all others must hold.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Action">What it asks for.</param>
/// <param name="Sentence">What its sender reads; needed for Refuse and Warn.</param>
/// <param name="Recipients">Whom it is about; each recipient is looked at alone.</param>
/// <param name="Domain">A-labels, lower case; where recipients are those of a domain.</param>
/// <param name="SenderRole">One role, or none.</param>
/// <param name="HeaderName">A field of the message's header.</param>
/// <param name="HeaderText">Anywhere in that field, in capitals or not; empty: the field is there.</param>
/// <param name="SubjectTag">Anywhere in the subject, in capitals or not.</param>
/// <param name="StripsTag">Recipients do not see the tag.</param>
public sealed record OutgoingRuleDefinition(
    string Name,
    RuleAction Action,
    string Sentence,
    RuleRecipients Recipients,
    string Domain,
    Roles SenderRole,
    string HeaderName,
    string HeaderText,
    string SubjectTag,
    bool StripsTag)
{
    public static OutgoingRuleDefinition Empty { get; } =
        new(string.Empty, RuleAction.Encrypt, string.Empty, RuleRecipients.Everybody, string.Empty, Roles.None, string.Empty, string.Empty, string.Empty, true);

    internal string ToJson() => JsonSerializer.Serialize(this, OutgoingRuleJson.Default.OutgoingRuleDefinition);

    /// <returns>Null for what this version does not fully understand: it might ask for more than is seen.</returns>
    internal static OutgoingRuleDefinition? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, OutgoingRuleJson.Default.OutgoingRuleDefinition) is { } read && RuleChecking.Check(read) is null ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>For the audit: what is set, each under a prefix.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Facts(string prefix) => new (string Name, string Value)[]
    {
        ("name", Name),
        ("action", Action.ToString()),
        ("sentence", Sentence),
        ("recipients", Recipients.ToString()),
        ("domain", Domain),
        ("role", SenderRole == Roles.None ? string.Empty : SenderRole.ToString()),
        ("header", HeaderName),
        ("headerText", HeaderText),
        ("tag", SubjectTag),
        ("stripsTag", SubjectTag.Length > 0 ? StripsTag.ToString() : string.Empty),
    }.Where(fact => fact.Value.Length > 0).Select(fact => KeyValuePair.Create($"{prefix}.{fact.Name}", fact.Value));
}

[JsonSourceGenerationOptions(
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(OutgoingRuleDefinition))]
internal sealed partial class OutgoingRuleJson : JsonSerializerContext;
