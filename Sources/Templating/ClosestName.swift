/// Finds the name that was probably meant.
enum ClosestName {
    /// The name nearest to a misspelt one, if it is near: one slip for every three letters, a transposition being one
    /// slip (optimal string alignment distance). Case and underscores do not count.
    static func to(_ wanted: String, among names: some Sequence<String>) -> String? {
        let letters = normalised(wanted)
        guard letters.count <= 64 else { return nil }
        var best: (name: String, distance: Int)?
        for name in names.prefix(1000) where name != wanted {
            let candidate = normalised(name)
            let most = Swift.max(letters.count, candidate.count) / 3
            guard abs(candidate.count - letters.count) <= most else { continue }
            let distance = distance(letters, candidate)
            if distance <= most, distance < best?.distance ?? .max { best = (name, distance) }
        }
        return best?.name
    }

    private static func normalised(_ name: String) -> [Unicode.Scalar] {
        name.lowercased().unicodeScalars.filter { $0 != "_" && $0 != "-" }
    }

    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let substituted = last[column] + (left[row] == right[column] ? 0 : 1)
                var best = Swift.min(substituted, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = Swift.min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
