/// Reads Prometheus' text format as strictly as it is written down, and tells what is against it.
struct MetricsText {
    struct Problem: Error, CustomStringConvertible {
        var line: String
        var reason: String
        var description: String { "\(reason): \(line)" }
    }

    /// By name with labels, as they stand in the text.
    private(set) var samples: [String: String] = [:]
    private(set) var types: [String: String] = [:]

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Problem(line: "", reason: "no line feed at the end") }
        var helped: Set<Substring> = []
        var family: Substring = ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3)
            func check(_ holds: Bool, _ reason: String) throws {
                guard holds else { throw Problem(line: String(line), reason: reason) }
            }
            if line.hasPrefix("# HELP ") {
                try check(words.count == 4, "no help")
                try check(helped.insert(words[2]).inserted, "a family twice")
                family = words[2]
            } else if line.hasPrefix("# TYPE ") {
                try check(words.count == 4 && words[2] == family, "a type without help before it")
                types[String(family)] = String(words[3])
                try check((words[3] == "counter") == family.hasSuffix("_total"), "a counter's name ends with _total")
            } else {
                let nameEnd = line.firstIndex { $0 == "{" || $0 == " " } ?? line.endIndex
                var base = line[..<nameEnd]
                if types[String(family)] == "histogram" {
                    for suffix in ["_bucket", "_sum", "_count"] where base.hasSuffix(suffix) {
                        base = base.dropLast(suffix.count)
                    }
                }
                try check(base == family, "a sample outside its family \(family)")
                let valueStart = line.lastIndex(of: " ") ?? line.startIndex
                let value = line[line.index(after: valueStart)...]
                try check(Double(value) != nil, "no number")
                try check(samples.updateValue(String(value), forKey: String(line[..<valueStart])) == nil, "twice")
            }
        }
    }

    subscript(name: String) -> String? { samples[name] }
}
