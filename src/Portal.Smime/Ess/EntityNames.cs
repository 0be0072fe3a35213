using System.Formats.Asn1;
using Portal.Smime.Pkix;

namespace Portal.Smime.Ess;

/// <summary>Mail addresses as GeneralNames (RFC 2634 §2.7): each person a SEQUENCE of names, of which we use the address.</summary>
internal static class EntityNames
{
    /// <summary>SEQUENCE OF GeneralNames, contents only.</summary>
    public static void Write(AsnWriter writer, IReadOnlyList<AddrSpec> addresses)
    {
        foreach (var address in addresses)
        {
            using (writer.PushSequence())
            {
                GeneralName.WriteMailbox(writer, address);
            }
        }
    }

    /// <param name="names">Contents of SEQUENCE OF GeneralNames.</param>
    /// <param name="most">More than these are refused.</param>
    /// <returns>The addresses among the names; other names, and addresses that are none, are left out.</returns>
    /// <exception cref="AsnContentException">Not GeneralNames, or too many.</exception>
    public static IReadOnlyList<AddrSpec> Read(AsnReader names, int most)
    {
        var addresses = new List<AddrSpec>();
        for (var count = 0; names.HasData; count++)
        {
            if (count == most)
            {
                throw new AsnContentException("Too many names.");
            }

            var person = names.ReadSequence();
            while (person.HasData)
            {
                if (GeneralName.Read(person) is { IsMailbox: true } name && AddrSpec.TryParse(name.Text, out var address))
                {
                    addresses.Add(address);
                }
            }
        }

        return addresses;
    }
}
