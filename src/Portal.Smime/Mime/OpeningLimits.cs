namespace Portal.Smime.Mime;

/// <summary>How much a message may ask of us. Exceeding one is an outcome, not an exception.</summary>
public sealed record OpeningLimits
{
    public static OpeningLimits Default { get; } = new();

    /// <summary>Bytes of the message, and of each layer's content. 150 MB of attachments in two layers of base64 are 294 MB.</summary>
    public long MessageBytes { get; init; } = 512 * 1024 * 1024;

    /// <summary>Bytes of one header block.</summary>
    public int HeaderBytes { get; init; } = 256 * 1024;

    /// <summary>Bytes of all header blocks of all parts.</summary>
    public int TotalHeaderBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Fields of one header block.</summary>
    public int HeaderFields { get; init; } = 1000;

    /// <summary>Bytes of one physical header line.</summary>
    public int HeaderLineBytes { get; init; } = 64 * 1024;

    public int Parts { get; init; } = 2000;

    /// <summary>Multiparts and messages inside each other.</summary>
    public int Depth { get; init; } = 32;

    /// <summary>Addresses in one header field.</summary>
    public int Addresses { get; init; } = 2000;

    /// <summary>Cryptographic layers around the payload.</summary>
    public int Layers { get; init; } = 4;

    public int Recipients { get; init; } = 2000;

    public int Signers { get; init; } = 16;

    public int Certificates { get; init; } = 100;

    /// <summary>Bytes of any one CMS structure that has to be held whole: certificates, signers, recipients.</summary>
    public int StructureBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Private keys tried for one layer.</summary>
    public int KeyAttempts { get; init; } = 4;

    /// <summary>Bytes of plaintext kept in memory; beyond, a sealed temporary file.</summary>
    public int SpoolMemoryBytes { get; init; } = Spool.DefaultMemoryBytes;
}
