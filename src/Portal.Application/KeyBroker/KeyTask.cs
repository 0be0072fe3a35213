namespace Portal.Application.KeyBroker;

/// <summary>What one use of a key is for: on record with it, and finer than the key's own purpose.</summary>
internal enum KeyTask
{
    SignMessage,
    SignReceipt,
    SignNotice,
    OpenMessage,
    UnwrapDataKey,
    IssueCertificate,
    SignRevocationList,
    SignOcspResponse,
    SignForDomain,
    SignForList,
    OpenForList,

    /// <summary>What was sealed for somebody outside.</summary>
    OpenSecureLink,
}

internal static class KeyTasks
{
    /// <summary>The only kind of key that may do it.</summary>
    public static KeyPurpose Purpose(this KeyTask task) => task switch
    {
        KeyTask.SignMessage or KeyTask.SignReceipt => KeyPurpose.SignMessage,
        KeyTask.SignNotice => KeyPurpose.SignNotice,
        KeyTask.OpenMessage => KeyPurpose.OpenMessage,
        KeyTask.UnwrapDataKey => KeyPurpose.UnwrapDataKey,
        KeyTask.IssueCertificate or KeyTask.SignRevocationList => KeyPurpose.CertificateAuthority,
        KeyTask.SignOcspResponse => KeyPurpose.AnswerForAuthority,
        KeyTask.SignForDomain => KeyPurpose.SignForDomain,
        KeyTask.SignForList => KeyPurpose.SignForList,
        KeyTask.OpenForList => KeyPurpose.OpenForList,
        KeyTask.OpenSecureLink => KeyPurpose.OpenSecureLink,
    };

    /// <summary>
    /// Nobody signs in another's name, and a permit that somebody left behind is for sending only; the portal opens what
    /// arrived for a person, and uses the organisation's own keys; readers open what was sealed for them, and nobody else does.
    /// </summary>
    public static bool MayBeDoneBy(this KeyTask task, Actor actor, AccountId? owner, ReaderId? reader) => (actor, task) switch
    {
        (Actor.Person person, KeyTask.SignMessage) => owner == person.Account,
        (Actor.Person { Permit: null } person, KeyTask.SignReceipt or KeyTask.OpenMessage) => owner == person.Account,
        (Actor.Reader outside, KeyTask.OpenSecureLink) => reader == outside.Id,
        (Actor.Portal, KeyTask.OpenMessage) => owner is not null,
        (Actor.Portal, not (KeyTask.SignMessage or KeyTask.SignReceipt or KeyTask.OpenSecureLink)) => owner is null && reader is null,
        _ => false,
    };
}
