/// Finds the name that somebody meant, by optimal string alignment (Damerau–Levenshtein without repeated edits).
package enum NameSuggestion {
    /// The closest other candidate, if it is close enough to be meant: a third of the letters may differ; case, dashes
    /// and underscores never matter.
    package static func closest(to name: String, in candidates: some Sequence<String>) -> String? {
        let wanted = letters(of: name)
        guard !wanted.isEmpty else { return nil }
        let limit = wanted.count == 1 ? 0 : max(1, wanted.count / 3)
        var best: (name: String, distance: Int)?
        for candidate in candidates where candidate != name {
            let letters = letters(of: candidate)
            guard abs(letters.count - wanted.count) <= limit else { continue }
            let distance = distance(wanted, letters)
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// A hint for an unknown name: `did you mean 'x'?`, else the list of what there is, else nothing.
    package static func hint(for name: String, in candidates: [String], listing what: String) -> String {
        if let closest = closest(to: name, in: candidates) { return "did you mean '\(closest)'?" }
        guard !candidates.isEmpty else { return "" }
        let shown = candidates.prefix(24).joined(separator: ", ")
        return "\(what): \(shown)\(candidates.count > 24 ? ", …" : "")"
    }

    private static func letters(of name: String) -> [Unicode.Scalar] {
        name.lowercased().unicodeScalars.filter { $0 != "_" && $0 != "-" }.prefix(64).map { $0 }
    }

    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        var current = last
        for row in 1...left.count {
            current[0] = row
            for column in 1...right.count {
                let cost = left[row - 1] == right[column - 1] ? 0 : 1
                var value = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + cost)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    value = min(value, beforeLast[column - 2] + 1)
                }
                current[column] = value
            }
            (beforeLast, last, current) = (last, current, beforeLast)
        }
        return last[right.count]
    }
}
