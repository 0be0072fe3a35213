using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Fuzzing;

/// <summary>Changes BER where it means something: elements are dropped, doubled, swapped, borrowed, retagged, nested, and lie about their length.</summary>
internal sealed class StructureMutator(IReadOnlyList<byte[]> corpus, Xorshift generator)
{
    private static readonly byte[] Tags = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x24, 0x30, 0x31, 0x80, 0x81, 0x86, 0xa0, 0xa1, 0xa2, 0xa3];

    private readonly List<List<TlvNode>> _trees = corpus.Select(bytes => TlvNode.Parse(bytes)).OfType<List<TlvNode>>().ToList();

    /// <summary>One of the corpus, changed in one to three places; now and then in its bytes as well.</summary>
    public byte[] Next()
    {
        var roots = _trees[generator.Below(_trees.Count)].ConvertAll(node => node.Copy());
        for (var changes = 1 + generator.Below(3); changes > 0; changes--)
        {
            Change(roots);
        }

        byte[] mutant = [.. roots.SelectMany(root => root.Encode())];
        return generator.Below(8) == 0 ? ByteMutator.Change(mutant, generator) : mutant;
    }

    private void Change(List<TlvNode> roots)
    {
        var all = roots.SelectMany(root => root.All()).ToList();
        var node = all[generator.Below(all.Count)];
        switch (generator.Below(12))
        {
            case 0 when node.Children is { Count: > 0 } children:
                children.RemoveAt(generator.Below(children.Count));
                break;
            case 1 when node.Children is { Count: > 0 } children:
                children.Insert(generator.Below(children.Count + 1), children[generator.Below(children.Count)].Copy());
                break;
            case 2 when node.Children is { Count: > 1 } children:
                var (one, other) = (generator.Below(children.Count), generator.Below(children.Count));
                (children[one], children[other]) = (children[other], children[one]);
                break;
            case 3 when node.Children is { } children:
                children.Insert(generator.Below(children.Count + 1), Borrowed());
                break;
            case 4:
                node.Tag = Tags[generator.Below(Tags.Length)];
                break;
            case 5:
                node.Tag ^= 0x20;
                break;
            case 6:
                node.ClaimedLength = new[] { 0, 1, 0x7f, 0x80, 0xffff, int.MaxValue }[generator.Below(6)];
                break;
            case 7:
                node.IsIndefinite = !node.IsIndefinite;
                break;
            case 8 when node.Children is { } children:
                Nest(children, node.Tag);
                break;
            case 9 when node.Children is null:
                node.Content = Number();
                break;
            case 10 when node.Children is null:
                node.Content = [.. Enumerable.Repeat(node.Content, 1 + generator.Below(50)).SelectMany(bytes => bytes)];
                break;
            default:
                node.Content = node.Content.Length == 0 ? [(byte)generator.Next()] : ByteMutator.Change(node.Content, generator);
                break;
        }
    }

    private TlvNode Borrowed()
    {
        var all = _trees[generator.Below(_trees.Count)].SelectMany(root => root.All()).ToList();
        return all[generator.Below(all.Count)].Copy();
    }

    private void Nest(List<TlvNode> children, byte tag)
    {
        var inner = children.ToList();
        children.Clear();
        var nested = new TlvNode(tag, [], inner, generator.Below(2) == 0);
        for (var depth = generator.Below(100); depth > 0; depth--)
        {
            nested = new TlvNode(tag, [], [nested], generator.Below(2) == 0);
        }

        children.Add(nested);
    }

    private byte[] Number() => generator.Below(6) switch
    {
        0 => [],
        1 => [0],
        2 => [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        3 => [0x7f, 0xff, 0xff, 0xff],
        4 => [0x80],
        _ => new byte[600],
    };
}
