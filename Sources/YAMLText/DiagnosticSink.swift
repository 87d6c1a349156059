package import JobModel

/// Collects the problems of one file, so that all are reported and not the first alone.
///
/// Each is kept once: a part of the file that several aliases stand for is read several times. Beyond ``limit`` they are
/// only counted: a file with thousands of problems is no job file.
package final class DiagnosticSink {
    package static let limit = 500
    /// The path as the user gave it.
    package let file: String
    package private(set) var diagnostics: [Diagnostic] = []
    /// How many errors were reported, those that were not kept too.
    package private(set) var errorCount = 0
    /// Is told of each mapping that was read with known keys: its path, the keys that were asked for, and those among
    /// them that are refused there. A description of the format is compared with these.
    package var onKnownKeys: ((_ path: String, _ known: [String], _ refused: [String]) -> Void)?
    private var seen: Set<Diagnostic> = []
    private var isFull = false

    package init(file: String) {
        self.file = file
    }

    package var hasErrors: Bool { errorCount > 0 }

    package func error(_ code: DiagnosticCode, _ message: String, hint: String = "", at location: SourceLocation?) {
        add(Diagnostic(.error, code: code.rawValue, message: message, hint: hint, file: file, location: location))
    }

    package func warning(_ code: DiagnosticCode, _ message: String, hint: String = "", at location: SourceLocation?) {
        add(Diagnostic(.warning, code: code.rawValue, message: message, hint: hint, file: file, location: location))
    }

    package func add(_ diagnostic: Diagnostic) {
        if diagnostic.severity == .error { errorCount += 1 }
        guard diagnostics.count < Self.limit else {
            isFull = isFull || !seen.contains(diagnostic)
            return
        }
        if seen.insert(diagnostic).inserted { diagnostics.append(diagnostic) }
    }

    /// What was collected by place, problems of the whole file first.
    package func sorted() -> [Diagnostic] {
        let start = SourceLocation(line: 0, column: 0)
        var sorted = diagnostics.enumerated()
            .sorted { left, right in
                let (first, second) = (left.element.location ?? start, right.element.location ?? start)
                return first == second ? left.offset < right.offset : first < second
            }
            .map(\.element)
        if isFull {
            sorted.append(
                Diagnostic(
                    code: DiagnosticCode.limit.rawValue, message: "there are more problems than these \(Self.limit)",
                    file: file))
        }
        return sorted
    }
}
