/// Merge keys (`<<`, yaml.org/type/merge.html): a leftover of YAML 1.1 that files rely on for shared settings.
enum YAMLMerge {
    /// The mapping with what its merge keys add, each in its place: the mapping's own keys win, then the first source.
    static func merged(_ mapping: YAMLMapping, with merges: [YAMLTreeBuilder.Merge]) -> YAMLMapping {
        var taken = Set(mapping.entries.map(\.key.exactText))
        var result = YAMLMapping()
        var own = mapping.entries[...]
        for merge in merges {
            let before = merge.position - (mapping.entries.count - own.count)
            result.entries += own.prefix(max(0, before))
            own = own.dropFirst(max(0, before))
            for entry in merge.sources.flatMap(\.entries) where taken.insert(entry.key.exactText).inserted {
                result.entries.append(entry)
            }
        }
        result.entries += own
        return result
    }
}
