import JSONText
import Templating

/// Where two values differ, path by path.
struct Differences {
    /// Lines at most.
    private static let limit = 10
    /// Characters on either side of the first difference of two texts.
    private static let context = 20
    /// Of a value in a line.
    private static let valueLimit = 120
    /// Texts as short as these show their difference by themselves.
    private static let shortText = 40

    private let show: ValueText

    init(_ show: ValueText) {
        self.show = show
    }

    /// One line for each difference inside arrays, objects and long texts; empty for other values, which show it by
    /// themselves.
    func lines(_ expected: JSONValue, _ actual: JSONValue, at path: TemplatePath) -> [String] {
        var lines: [String] = []
        switch (expected, actual) {
        case (.object, .object), (.array, .array): compare(expected, actual, at: path, &lines)
        case (.string(let expected), .string(let actual)):
            if max(expected.utf8.count, actual.utf8.count) > Self.shortText {
                lines = [text(expected, actual, at: path)]
            } else if Self.lookAlike(expected, actual) {
                lines = [codePoints(expected, actual, at: path)]
            }
        default: break
        }
        guard lines.count > Self.limit else { return lines }
        return lines.prefix(Self.limit) + ["… and more"]
    }

    private func compare(
        _ expected: JSONValue, _ actual: JSONValue, at path: TemplatePath, _ lines: inout [String]
    ) {
        guard lines.count <= Self.limit else { return }
        switch (expected, actual) {
        case (.object(let expected), .object(let actual)):
            for (name, value) in expected.members {
                let place = TemplatePath(steps: path.steps + [.key(name)])
                if let found = actual[name] {
                    compare(value, found, at: place, &lines)
                } else {
                    lines.append("\(place): missing, expected \(brief(value))")
                }
            }
            for (name, value) in actual.members where expected.position(of: name) == nil {
                lines.append("\(TemplatePath(steps: path.steps + [.key(name)])): not expected, is \(brief(value))")
                if lines.count > Self.limit { return }
            }
        case (.array(let expected), .array(let actual)):
            for position in 0..<min(expected.count, actual.count) {
                compare(
                    expected[position], actual[position], at: TemplatePath(steps: path.steps + [.index(position)]),
                    &lines)
            }
            if expected.count != actual.count {
                lines.append("\(path): has \(actual.count) elements, expected \(expected.count)")
            }
        case (.string(let expected), .string(let actual))
        where max(expected.utf8.count, actual.utf8.count) > Self.shortText:
            if expected.utf8.elementsEqual(actual.utf8) { return }
            lines.append(text(expected, actual, at: path))
        default:
            guard !actual.equalsByValue(expected) else { return }
            lines.append("\(path): is \(brief(actual)), expected \(brief(expected))")
        }
    }

    /// Whether people would take two texts for one: those that are canonically equivalent, as `String` compares, and
    /// those that differ in their kinds of white space, apart from what JSON escapes.
    private static func lookAlike(_ first: String, _ second: String) -> Bool {
        func seen(_ text: String) -> String { String(text.map { $0.isWhitespace && !$0.isASCII ? " " : $0 }) }
        return seen(first) == seen(second)
    }

    /// The first difference of texts that look alike, by the numbers of its characters.
    private func codePoints(_ expected: String, _ actual: String, at path: TemplatePath) -> String {
        let (wanted, found) = (show.redact(expected).unicodeScalars, show.redact(actual).unicodeScalars)
        let same = zip(wanted, found).prefix { $0 == $1 }.count
        func number(_ text: String.UnicodeScalarView) -> String {
            guard let scalar = text.dropFirst(same).first else { return "the end" }
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
        }
        return "\(path): looks the same, and character \(same + 1) is \(number(found)), expected \(number(wanted))"
    }

    /// The surroundings of the first difference.
    private func text(_ expected: String, _ actual: String, at path: TemplatePath) -> String {
        // What is shown is cut out: half of a secret is too much.
        let (wanted, found) = (show.redact(expected).unicodeScalars, show.redact(actual).unicodeScalars)
        var (place, other, number) = (wanted.startIndex, found.startIndex, 1)
        while place < wanted.endIndex, other < found.endIndex, wanted[place] == found[other] {
            place = wanted.index(after: place)
            other = found.index(after: other)
            number += 1
        }
        return "\(path): from character \(number) on: \(excerpt(found, around: other)), "
            + "expected \(excerpt(wanted, around: place))"
    }

    private func excerpt(_ text: String.UnicodeScalarView, around place: String.Index) -> String {
        let start = text.index(place, offsetBy: -Self.context, limitedBy: text.startIndex) ?? text.startIndex
        let end = text.index(place, offsetBy: Self.context, limitedBy: text.endIndex) ?? text.endIndex
        let quoted = JSONWriter.text(of: .string(String(text[start..<end])))
        return (start > text.startIndex ? "…" : "") + quoted + (end < text.endIndex ? "…" : "")
    }

    private func brief(_ value: JSONValue) -> String {
        show.cut(JSONWriter.text(of: value), to: Self.valueLimit)
    }
}
