using System.Text;
using MimeKit;

namespace Portal.Application.Setup.Demo;

/// <summary>What the demo's correspondents write.</summary>
internal static class DemoTexts
{
    public static TextPart Plain(string text) =>
        new("plain") { Text = text.ReplaceLineEndings("\r\n"), ContentTransferEncoding = ContentEncoding.QuotedPrintable };

    public static Multipart WithFile(string text, string fileName, string mediaType, string content)
    {
        var type = ContentType.Parse(mediaType);
        return new Multipart("mixed")
        {
            Plain(text),
            new MimePart(type)
            {
                Content = new MimeContent(new MemoryStream(Encoding.UTF8.GetBytes(content))),
                ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = fileName },
                ContentTransferEncoding = ContentEncoding.Base64,
            },
        };
    }

    public static MultipartAlternative Newsletter() => new()
    {
        Plain("Medical Supplies Monthly\n\nNew in November: sterile sets, cold chain boxes, and 15 % off gloves.\n"),
        new TextPart("html")
        {
            ContentTransferEncoding = ContentEncoding.QuotedPrintable,
            Text = """
                <html><head><style>.hero{background:url(https://images.supplies.test/hero.png)}</style></head>
                <body style="background:#f2f6fa;font-family:Georgia,serif">
                <img src="https://images.supplies.test/open.gif?reader=4711" width="1" height="1" alt="">
                <table width="100%" cellpadding="16" style="max-width:640px;background:#ffffff;border:1px solid #d8e2ec">
                <tr><td style="background:#114b7a;color:#ffffff"><h1 style="margin:0;font-size:26px">Medical Supplies Monthly</h1>
                <p style="margin:4px 0 0">November: what is new in the store room</p></td></tr>
                <tr><td><img src="https://images.supplies.test/sets.jpg" width="560" height="180" alt="Picture: sterile sets">
                <h2 style="font-size:19px">Sterile sets, now in paper</h2>
                <p>The new pouches open in one pull and go into the paper bin. <a href="https://shop.supplies.test/sets?from=letter">See the sets</a></p>
                <h2 style="font-size:19px">Cold chain boxes</h2>
                <p>Twelve hours at 2&ndash;8&nbsp;&deg;C, with a logger in the lid. <a href="https://shop.supplies.test/boxes">Order a trial box</a></p>
                <table cellpadding="8" style="border-collapse:collapse"><tr style="background:#e8eff6"><th align="left">Article</th><th align="right">Until 30 November</th></tr>
                <tr><td>Gloves, nitrile, 100</td><td align="right">8.40</td></tr><tr><td>Masks FFP2, 20</td><td align="right">11.90</td></tr></table>
                </td></tr><tr><td style="color:#5c6b7a;font-size:12px">You get this letter as a customer. <a href="https://shop.supplies.test/leave">Leave</a></td></tr>
                </table><script>alert('never')</script></body></html>
                """,
        },
    };

    public const string LabResults =
        "date,test,value,unit,reference\n2026-11-02,HbA1c,6.4,%,4.0-6.0\n2026-11-02,Glucose fasting,118,mg/dL,70-99\n2026-11-02,LDL,131,mg/dL,<116\n";

    public static IReadOnlyList<string> Thread { get; } =
    [
        "Dear Alice,\n\nI would like to agree on a care plan for the patient we share before her discharge on Friday. Could you look at the draft and tell me what is missing from your side?\n\nCarol",
        "Dear Alice,\n\nthank you for the quick answer. I have moved the physiotherapy to the first week and added the contact of the community nurse.\n\nTwo questions are open: who orders the walking aid, and does the family get training at home?\n\nCarol",
        "Dear Alice,\n\nthe walking aid is ordered, delivery is Thursday between 8 and 12. For the training I propose Monday, 10:00, at the patient's home.\n\nCarol",
        "Dear Alice,\n\nthe family agrees with Monday. I have put the final plan into the record and sent a copy to the general practitioner.\n\nThank you, this was the smoothest discharge of the month.\n\nCarol",
    ];
}
