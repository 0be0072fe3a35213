namespace Portal.Application;

/// <summary>By what a reader has shown who they are, from the weakest to the strongest.</summary>
public enum ReaderProof
{
    /// <summary>A code that came to the same mailbox as the notice: they read that mailbox, and no more.</summary>
    Code,

    /// <summary>A browser in which they typed such a code before, and wanted it to be recognised.</summary>
    Device,

    /// <summary>An authenticator app that they set up in an earlier visit: they are who was here then, whoever reads their mail now.</summary>
    App,

    /// <summary>A passkey that they added in an earlier visit, whose device asked who is there: like an app, and it answers to no other address than the one it was added at.</summary>
    Passkey,
}
