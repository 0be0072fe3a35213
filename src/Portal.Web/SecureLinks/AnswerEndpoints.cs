using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Portal.Application;
using Portal.Application.LargeFiles;
using Portal.Application.SecureLinks;
using Portal.Application.SecureLinks.Answers;
using Portal.Web.Shell;

namespace Portal.Web.SecureLinks;

/// <summary>What a reader writes, without a script: text and files come in one form, the files last, and go into sealed blobs as they come.</summary>
internal static class AnswerEndpoints
{
    private const int LongestText = 4 * ReaderDrafts.LongestText;
    private const int LongestField = 16 * 1024;
    private const int MostFields = 100;
    private const long MostPassedOver = 100L << 20;

    public static void MapAnswers(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/read/drafts", ReceiveAsync).AllowAnonymous()
            .WithMetadata(new DisableRequestSizeLimitAttribute(), new ExcludeFromInteractiveRoutingAttribute());

    private static async Task<IResult> ReceiveAsync(
        HttpContext http,
        ReaderCookies cookies,
        ReaderDrafts drafts,
        ReaderFiles files,
        Answering answering,
        IAntiforgery antiforgery,
        IOptions<AntiforgeryOptions> names,
        CancellationToken cancellationToken)
    {
        if (SentFiles.Boundary(http.Request) is not { } boundary)
        {
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }

        // Who was idle too long loses nothing: it is kept, and sent when they have shown who they are once more.
        var reader = await cookies.LapsedReaderAsync(http);
        var form = new AnswerForm(http, reader, drafts, files, antiforgery, names.Value);
        try
        {
            await form.ReadAsync(new MultipartReader(boundary, http.Request.Body), cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            return Results.BadRequest();
        }

        if (reader is null)
        {
            return form.Words is { Length: > 0 } words ? Unsent.Of(words) : Results.Redirect(ReaderEndpoints.Over);
        }

        return form.Saving switch
        {
            null => Results.Redirect(ReaderEndpoints.OutOfDate),
            ReaderSaving.KeyUnavailable => Results.Redirect("/read?left=away"),
            ReaderSaving.Saved when await cookies.ReaderAsync(http) is null => Results.Redirect("/read?left=lapsed"),
            ReaderSaving.Saved { IsAnew: true } anew => Back(anew.Draft, AnswerProblem.SentBefore),
            ReaderSaving.Saved { Draft: var draft } => await ActAsync(reader, draft, form, drafts, files, answering, cancellationToken),
            _ => await GoneAsync(reader, form.Draft, answering, cancellationToken),
        };
    }

    /// <summary>Sent before, by the same button, or discarded.</summary>
    private static async Task<IResult> GoneAsync(SignedInReader reader, ReaderDraftId draft, Answering answering, CancellationToken cancellationToken) =>
        await answering.FindSentAsync(reader, draft, cancellationToken) is { } link ? Sent(link) : Results.Redirect("/read/mailbox");

    private static IResult Sent(SecureLinkId link) => Results.Redirect($"/read/{link.Value}?sent=true");

    private static async Task<IResult> ActAsync(
        SignedInReader reader, ReaderDraftId draft, AnswerForm form, ReaderDrafts drafts, ReaderFiles files, Answering answering, CancellationToken cancellationToken)
    {
        if (form.Refused is { } problem)
        {
            return Back(draft, problem);
        }

        switch (form.Act)
        {
            case "send":
                return await answering.SendAsync(reader, draft, cancellationToken) switch
                {
                    AnswerSending.Sent sent => Sent(sent.Link),
                    AnswerSending.Refused refused => Back(draft, refused.Problem),
                    _ => await GoneAsync(reader, draft, answering, cancellationToken),
                };
            case "discard":
                await drafts.DiscardAsync(reader, draft, cancellationToken);
                return Results.Redirect("/read/mailbox");
            case { } act when act.StartsWith("remove/", StringComparison.Ordinal) && Guid.TryParse(act["remove/".Length..], out var file):
                await files.RemoveAsync(reader, draft, ReaderFileId.From(file), cancellationToken);
                break;
        }

        return Results.Redirect($"/read/drafts/{draft.Value}");
    }

    private static IResult Back(ReaderDraftId draft, AnswerProblem problem) => Results.Redirect($"/read/drafts/{draft.Value}?problem={problem}");

    /// <summary>Reads the form from its beginning: our own token, the fields, and then the files.</summary>
    private sealed class AnswerForm(HttpContext http, SignedInReader? reader, ReaderDrafts drafts, ReaderFiles files, IAntiforgery antiforgery, AntiforgeryOptions names)
    {
        private readonly List<string> _chosen = [];
        private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);
        private bool _isOurs;

        /// <summary>Null for a form that is none of ours.</summary>
        public ReaderSaving? Saving { get; private set; }

        /// <summary>About a file that is not among those of the draft.</summary>
        public AnswerProblem? Refused { get; private set; }

        public ReaderDraftId Draft { get; private set; } = ReaderDraftId.New();

        /// <summary>What they typed into a form of ours.</summary>
        public string? Words => _isOurs ? Field("text") : null;

        public string? Act => _fields.GetValueOrDefault("act");

        public async Task ReadAsync(MultipartReader sections, CancellationToken cancellationToken)
        {
            for (var count = 0; count < MostFields && await sections.ReadNextSectionAsync(cancellationToken) is { } section; count++)
            {
                if (SentFiles.NameOf(section) is { } fileName)
                {
                    await TakeAsync(section, fileName, cancellationToken);
                }
                else if (HeaderUtilities.RemoveQuotes(section.GetContentDispositionHeader()?.Name ?? default).Value is { Length: > 0 } name)
                {
                    await KeepAsync(name, await TextAsync(section.Body, name == "text" ? LongestText : LongestField, cancellationToken));
                }

                if (!_isOurs || (reader is null && _fields.ContainsKey("text")))
                {
                    return;
                }
            }

            await SaveAsync(cancellationToken);
        }

        private async Task KeepAsync(string name, string value)
        {
            if (name == names.FormFieldName)
            {
                // In a header, because to look into the form would be to read the files.
                http.Request.Headers[names.HeaderName!] = value;
                _isOurs = await OwnPagesOnly.IsOwnFormAsync(http, antiforgery);
            }
            else if (name == "chosen")
            {
                _chosen.Add(value);
            }
            else
            {
                _fields[name] = value;
            }
        }

        private async Task TakeAsync(MultipartSection section, string fileName, CancellationToken cancellationToken)
        {
            if (!_isOurs || reader is null)
            {
                return;
            }

            await SaveAsync(cancellationToken);
            if (Saving is ReaderSaving.Saved { Draft: var draft }
                && await files.AddAsync(reader, draft, fileName, SentFiles.MediaTypeOf(section), section.Body, cancellationToken) is not FileTaking.Taken and var refused)
            {
                Refused = refused is FileTaking.Malware ? AnswerProblem.Malware : AnswerProblem.TooLarge;
                await SentFiles.PassOverAsync(section.Body, MostPassedOver, cancellationToken);
            }
        }

        private async Task SaveAsync(CancellationToken cancellationToken)
        {
            if (Saving is not null || reader is null)
            {
                return;
            }

            Draft = Id("draft") is { } draft ? ReaderDraftId.From(draft) : Draft;
            if (Act == "discard")
            {
                Saving = new ReaderSaving.Saved(Draft, IsAnew: false);
                return;
            }

            var content = new ReaderDraftContent(_chosen, Field("others"), Field("subject"), Field("text"));
            Saving = await drafts.SaveAsync(reader, Draft, Id("answers") is { } link ? SecureLinkId.From(link) : null, content, cancellationToken);
        }

        private string Field(string name) => _fields.GetValueOrDefault(name) ?? string.Empty;

        private Guid? Id(string name) => Guid.TryParse(Field(name), out var id) ? id : null;

        private static async Task<string> TextAsync(Stream body, int most, CancellationToken cancellationToken)
        {
            var bytes = new byte[most];
            var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            return Encoding.UTF8.GetString(bytes, 0, length);
        }
    }
}
