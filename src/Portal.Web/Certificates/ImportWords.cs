using Portal.Application;
using Portal.Application.Certificates;
using Portal.Application.KeyManagement;

namespace Portal.Web.Certificates;

/// <summary>What became of files with keys, in words.</summary>
internal static class ImportWords
{
    public static string Of(ImportedPair pair) => pair.State switch
    {
        ImportedState.Imported => pair.Kind switch
        {
            CertificateKind.Signing => ImportTexts.ImportedSigning,
            CertificateKind.NoticeSigning => ImportTexts.ImportedNotices,
            _ => ImportTexts.ImportedOpening,
        },
        ImportedState.AlreadyThere => ImportTexts.AlreadyThere,
        ImportedState.SignsOnly => ImportTexts.SignsOnly,
        ImportedState.UnsupportedKey => ImportTexts.UnsupportedKey,
        ImportedState.OtherAddress => ImportTexts.OtherAddress,
        ImportedState.NotValidNow => ImportTexts.NotValidNow,
        ImportedState.NotTrusted => ImportTexts.NotTrusted,
        ImportedState.OpensOnly => ImportTexts.OpensOnly,
        ImportedState.NoNoticeAddress => ImportTexts.NoNoticeAddress,
        ImportedState.NotPublic => ImportTexts.NotPublic,
    };

    /// <returns>Null when there is none.</returns>
    public static string? Problem(PairImport outcome) => outcome switch
    {
        PairImport.Refused => ImportTexts.Refused,
        PairImport.NoCertificate => ImportTexts.NoCertificate,
        PairImport.NoKey => ImportTexts.NoKey,
        PairImport.TooOften => ImportTexts.TooOften,
        PairImport.NoPerson => ImportTexts.NoPerson,
        PairImport.StoreAway away => ImportTexts.StoreAway.With(away.Words),
        _ => null,
    };
}
