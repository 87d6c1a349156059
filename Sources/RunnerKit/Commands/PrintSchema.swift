internal import JSONText
internal import JobFile

/// `fnrun schema`: prints the JSON Schema of job files.
package struct PrintSchema: Sendable {
    private let common: CommonSettings

    package init(common: CommonSettings) {
        self.common = common
    }

    /// The schema as text, with a line feed at its end.
    static var text: String { JSONWriter.indentedText(of: JobFileSchema.json) + "\n" }

    /// - Throws: ``CommandFailure`` with status 7 if stdout takes no more.
    package func execute() throws(CommandFailure) -> ExitStatus {
        try Console(settings: common).data(Self.text)
        return .success
    }
}
