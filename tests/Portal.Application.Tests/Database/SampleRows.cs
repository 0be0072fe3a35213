using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Portal.Application.Tests.Database;

/// <summary>One row of every kind that an organisation owns, made from the model, so that a new table is covered by being there.</summary>
internal static class SampleRows
{
    /// <summary>What belongs to an organisation, what is referred to before what refers.</summary>
    public static IReadOnlyList<IEntityType> Owned(IModel model)
    {
        var ordered = new List<IEntityType>();
        foreach (var type in model.GetEntityTypes().Where(type => type.ClrType.IsAssignableTo(typeof(IOwned))))
        {
            Visit(type, ordered);
        }

        return ordered;
    }

    public static IReadOnlyList<IEntityType> OfInstallation(IModel model) =>
        [.. model.GetEntityTypes().Where(type => !type.ClrType.IsAssignableTo(typeof(IOwned)))];

    /// <param name="db">Gets the row added.</param>
    /// <param name="type">Of which kind.</param>
    /// <param name="organisation">Whose.</param>
    /// <param name="referred">Rows of other kinds that it may refer to.</param>
    public static object Add(PortalDbContext db, IEntityType type, OrganisationId organisation, IReadOnlyDictionary<IEntityType, object> referred)
    {
        var row = Activator.CreateInstance(type.ClrType, nonPublic: true)!;
        foreach (var property in type.GetProperties().Where(one => one.PropertyInfo is not null))
        {
            property.PropertyInfo!.DeclaringType!.GetProperty(property.Name, AnyInstance)!.SetValue(row, Value(property, organisation));
        }

        foreach (var key in type.GetForeignKeys().Where(key => referred.ContainsKey(key.PrincipalEntityType)))
        {
            for (var i = 0; i < key.Properties.Count; i++)
            {
                var value = key.PrincipalKey.Properties[i].PropertyInfo!.GetValue(referred[key.PrincipalEntityType]);
                key.Properties[i].PropertyInfo!.DeclaringType!.GetProperty(key.Properties[i].Name, AnyInstance)!.SetValue(row, value);
            }
        }

        db.Add(row);
        return row;
    }

    public static async Task<IReadOnlyDictionary<IEntityType, object>> FillAsync(TestDatabase database, OrganisationId organisation)
    {
        var rows = new Dictionary<IEntityType, object>();
        await using var db = await database.Database.WriteAsync(organisation, CancellationToken.None);
        foreach (var type in Owned(db.Model))
        {
            rows[type] = Add(db, type, organisation, rows);
            await db.SaveChangesAsync();
        }

        await db.CommitAsync(CancellationToken.None);
        return rows;
    }

    private const System.Reflection.BindingFlags AnyInstance =
        System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic;

    private static void Visit(IEntityType type, List<IEntityType> ordered)
    {
        if (ordered.Contains(type))
        {
            return;
        }

        foreach (var key in type.GetForeignKeys().Where(key => key.PrincipalEntityType != type))
        {
            Visit(key.PrincipalEntityType, ordered);
        }

        ordered.Add(type);
    }

    private static object? Value(IProperty property, OrganisationId organisation)
    {
        if (property.ClrType == typeof(OrganisationId))
        {
            return organisation;
        }

        if (property.IsNullable)
        {
            return null;
        }

        var type = property.ClrType;
        return type switch
        {
            _ when type == typeof(string) => Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)[..Math.Min(32, property.GetMaxLength() ?? 32)],
            _ when type == typeof(byte[]) => RandomNumberGenerator.GetBytes(32),
            _ when type == typeof(Guid) => Guid.NewGuid(),
            _ when type == typeof(DateTimeOffset) => DateTimeOffset.UnixEpoch,
            _ when type == typeof(long) => (long)RandomNumberGenerator.GetInt32(int.MaxValue),
            _ when type == typeof(int) => RandomNumberGenerator.GetInt32(int.MaxValue),
            _ when type == typeof(bool) => false,
            _ when type.IsEnum => Enum.GetValues(type).GetValue(0),
            _ when type.GetMethod("New") is { } create => create.Invoke(null, null),
            _ => throw new InvalidOperationException($"No sample is known for {type}."),
        };
    }
}
