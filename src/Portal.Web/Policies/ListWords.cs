using Portal.Application;
using Portal.Application.Policies;

namespace Portal.Web.Policies;

/// <summary>Entries of lists, and what they did, in words.</summary>
internal static class ListWords
{
    public static string Kind(ListKind kind) => kind switch
    {
        ListKind.Address => PolicyTexts.KindAddress,
        ListKind.Domain => PolicyTexts.KindDomain,
        ListKind.Certificate => PolicyTexts.KindCertificate,
    };

    public static string Action(ListAction action) => action switch
    {
        ListAction.Allow => PolicyTexts.ListAllowed,
        ListAction.Block => PolicyTexts.ListBlocked,
    };

    public static string Problem(ListProblem problem) => problem switch
    {
        ListProblem.ValueUnknown => PolicyTexts.ListProblemValue,
        ListProblem.NoteTooLong => PolicyTexts.ListProblemNote,
        ListProblem.TooMany => PolicyTexts.ListProblemMany,
        ListProblem.ActionUnknown => PolicyTexts.ListProblemAction,
        ListProblem.KindDiffers => PolicyTexts.ListProblemKind,
        ListProblem.LineMalformed => PolicyTexts.ListProblemLine,
    };

    public static string Mark(ListMark mark)
    {
        var isOwn = mark.Scope == ListScope.Personal;
        var words = mark.Treatment switch
        {
            ListTreatment.Blocked => isOwn ? PolicyTexts.MarkBlockedOwn : PolicyTexts.MarkBlockedOrganisation,
            ListTreatment.Allowed => isOwn ? PolicyTexts.MarkAllowedOwn : PolicyTexts.MarkAllowedOrganisation,
            ListTreatment.AllowedUnproven => PolicyTexts.MarkUnproven,
        };
        return words.With(Value(mark.Kind, mark.Value));
    }

    public static string Trial(ListMark mark)
    {
        var words = (mark.Treatment, mark.Scope) switch
        {
            (ListTreatment.Blocked, ListScope.Organisation) => PolicyTexts.TryJunk,
            (ListTreatment.Blocked, _) => PolicyTexts.TryJunkOwn,
            (ListTreatment.Allowed, ListScope.Organisation) => PolicyTexts.TryMarked,
            (ListTreatment.Allowed, _) => PolicyTexts.TryMarkedOwn,
            (ListTreatment.AllowedUnproven, ListScope.Organisation) => PolicyTexts.TryUnproven,
            (ListTreatment.AllowedUnproven, _) => PolicyTexts.TryUnprovenOwn,
        };
        return words.With(Kind(mark.Kind), Value(mark.Kind, mark.Value));
    }

    public static string Attribute(ListTreatment treatment) => treatment switch
    {
        ListTreatment.Blocked => "blocked",
        ListTreatment.Allowed => "allowed",
        ListTreatment.AllowedUnproven => "allowed-unproven",
    };

    /// <summary>A fingerprint is known by its beginning.</summary>
    public static string Value(ListKind kind, string value) => kind == ListKind.Certificate ? PolicyTexts.CertificateWords.With(value[..16]) : value;

    public static string Value(string value) => value.Length == 64 && !value.Contains('.', StringComparison.Ordinal) ? Value(ListKind.Certificate, value) : value;
}
