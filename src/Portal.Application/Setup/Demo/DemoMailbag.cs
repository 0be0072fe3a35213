using System.Security.Cryptography.X509Certificates;

namespace Portal.Application.Setup.Demo;

/// <summary>The mail that the demo's first mailbox begins with, the oldest first.</summary>
internal static class DemoMailbag
{
    public static IEnumerable<DemoMessage> For(
        DateTimeOffset now, DemoPerson carol, X509Certificate2 carolsBox, DemoPerson erin, DemoPerson frank, X509Certificate2 alicesBox)
    {
        DemoMessage FromCarol(string subject, MimeKit.MimeEntity content, DateTimeOffset at, bool encrypted) =>
            new(carol.Name, carol.Address, subject, content, at)
            {
                Signer = carol.Signer,
                EncryptionCertificate = carolsBox,
                EncryptFor = encrypted ? alicesBox : null,
            };

        foreach (var (index, text) in DemoTexts.Thread.Index())
        {
            yield return FromCarol(
                index == 0 ? "Care plan before discharge" : "Re: Care plan before discharge", DemoTexts.Plain(text), now.AddDays(-12 + (index * 2)).AddHours(-index), encrypted: true);
        }

        yield return new DemoMessage("Facility services", "services@building.test", "Fire drill on Thursday at 14:00", DemoTexts.Plain(
            "Dear tenants,\n\non Thursday at 14:00 the alarm will sound for a drill. Please leave by the stairs and gather at the car park. It takes about 20 minutes.\n\nFacility services"), now.AddDays(-5).AddHours(-3));
        yield return new DemoMessage("Medical Supplies Monthly", "letter@supplies.test", "November: what is new in the store room", DemoTexts.Newsletter(), now.AddDays(-4).AddHours(-6));
        yield return new DemoMessage(erin.Name, erin.Address, "Minutes of the quality circle", DemoTexts.Plain(
            "Dear all,\n\nthe minutes of the quality circle are on the shared drive. The next meeting is on the first Tuesday of the month.\n\nErin"), now.AddDays(-3).AddHours(-2))
        {
            Signer = erin.Signer,
        };
        yield return new DemoMessage(frank.Name, frank.Address, "Offer for the new scanner", DemoTexts.Plain(
            "Dear Ms Archer,\n\nas discussed on the phone, our offer: scanner with two trays, delivery in three weeks, 36 months of service.\n\nKind regards\nFrank Fisher"), now.AddDays(-2).AddHours(-7))
        {
            Signer = frank.Signer,
        };
        yield return FromCarol("Invoice 2026-118", DemoTexts.Plain(
            "Dear Alice,\n\nplease transfer 480.00 to account 11-2233-44 by the end of the month.\n\nCarol"), now.AddDays(-2).AddHours(-1), encrypted: false) with
        {
            Altered = ("11-2233-44", "99-8877-66"),
        };
        yield return FromCarol("Office hours in December", DemoTexts.Plain(
            "Dear colleagues,\n\nour office is open on weekdays from 8:00 to 15:00 in December, and closed from the 24th to the 1st.\n\nCarol"), now.AddDays(-1).AddHours(-4), encrypted: false);
        yield return FromCarol("Lab results of 2 November", DemoTexts.WithFile(
            "Dear Alice,\n\nthe results are attached. The fasting glucose is above the reference; I suggest to repeat it in two weeks.\n\nCarol", "lab-results.csv", "text/csv", DemoTexts.LabResults), now.AddHours(-5), encrypted: true);
    }
}
