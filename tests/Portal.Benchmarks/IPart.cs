namespace Portal.Benchmarks;

/// <summary>Measures one thing; made and asked by its name.</summary>
internal interface IPart
{
    string Name { get; }

    Task<IReadOnlyList<Figure>> MeasureAsync(Action<string> say);
}
