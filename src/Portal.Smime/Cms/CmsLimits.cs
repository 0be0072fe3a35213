namespace Portal.Smime.Cms;

/// <summary>How many of each a CMS structure may hold.</summary>
internal sealed record CmsLimits(int Recipients, int Signers, int Certificates, int StructureBytes);
