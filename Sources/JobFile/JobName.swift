import JobModel
import YAMLText

/// Names of jobs and lambdas: `[A-Za-z0-9][A-Za-z0-9._-]{0,62}`, so that they fit into file names, labels and ids.
package enum JobName {
    package static func isValid(_ name: String) -> Bool {
        let bytes = name.utf8
        guard let first = bytes.first, isLetterOrDigit(first), bytes.count <= 63 else { return false }
        return bytes.allSatisfy { isLetterOrDigit($0) || "._-".utf8.contains($0) }
    }

    /// The rule in words, for hints.
    static let rule =
        "names begin with a letter or digit, go on with letters, digits, '.', '_' and '-', and have at most 63 characters"

    /// Reports the key of a field if it is no name.
    static func check(_ field: YAMLField, of what: String) -> Bool {
        if isValid(field.name) { return true }
        field.sink.error(.badName, "this is no name for a \(what)", hint: rule, at: field.keyLocation)
        return false
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
}
