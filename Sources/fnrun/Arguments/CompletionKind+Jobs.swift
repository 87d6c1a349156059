import ArgumentParser
import RunnerKit

extension CompletionKind {
    /// Job files.
    static let jobFiles = CompletionKind.file(extensions: ["yaml", "yml"])

    /// Names of the jobs in the files that stand on the command line.
    static let jobNames = CompletionKind.custom { words, _, _ in JobNameCompletion.names(among: words) }

    /// Files of any kind.
    static let files = CompletionKind.file()
}
