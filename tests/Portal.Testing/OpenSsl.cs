namespace Portal.Testing;

/// <summary>The real openssl: the peer that our mail has to agree with.</summary>
public static class OpenSsl
{
    public static Task<ProgramResult> RunAsync(byte[] input, params string[] arguments) => Programs.RunAsync("openssl", input, arguments);
}
