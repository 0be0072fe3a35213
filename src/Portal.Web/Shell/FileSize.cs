using System.Globalization;
using Portal.Application;

namespace Portal.Web.Shell;

internal static class FileSize
{
    private const double Kilobyte = 1024, Megabyte = Kilobyte * 1024, Gigabyte = Megabyte * 1024, Terabyte = Gigabyte * 1024;

    public static string Of(long bytes) => bytes switch
    {
        < 1024 => ShellTexts.Bytes.With(bytes),
        < 1024 * 1024 => string.Create(CultureInfo.CurrentCulture, $"{bytes / Kilobyte:0} KB"),
        < 1L << 30 => string.Create(CultureInfo.CurrentCulture, $"{bytes / Megabyte:0.#} MB"),
        < 1L << 40 => string.Create(CultureInfo.CurrentCulture, $"{bytes / Gigabyte:0.#} GB"),
        _ => string.Create(CultureInfo.CurrentCulture, $"{bytes / Terabyte:0.#} TB"),
    };
}
