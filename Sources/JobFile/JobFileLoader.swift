import JobModel
import YAMLText

/// Reads job files: YAML to jobs, or every problem with its place.
package enum JobFileLoader {
    /// Reads a file.
    package static func load(path: String, options: JobFileOptions) -> JobFileResult {
        let sink = DiagnosticSink(file: path)
        guard let source = SourceText.read(path, sink: sink, hint: hint) else {
            return JobFileResult(document: nil, diagnostics: sink.sorted(), source: nil)
        }
        return load(source, options: options, sink: sink)
    }

    /// What to do about a file that is not there, or is none.
    private static func hint(_ failure: FileBytes.Failure) -> String {
        if failure.isMissing { return "check the path; 'fnrun init' writes a first job file" }
        return failure.isFolder ? "name one of the files in it" : ""
    }

    /// Reads the content of a file.
    ///
    /// - Parameter path: for diagnostics, and where relative paths begin.
    package static func load(path: String, bytes: [UInt8], options: JobFileOptions) -> JobFileResult {
        load(SourceText(file: path, bytes: bytes), options: options, sink: DiagnosticSink(file: path))
    }

    private static func load(_ source: SourceText, options: JobFileOptions, sink: DiagnosticSink) -> JobFileResult {
        var document: JobFileDocument?
        if let root = YAMLDocument.root(of: source, sink: sink) {
            let filling = EnvironmentFilling(
                environment: options.environment, lenientKey: options.lenientAccount ? "account" : nil,
                ignoredKey: options.ignoresAccount ? "account" : nil, source: source, sink: sink)
            document = JobFileReader(source: source, options: options, sink: sink).read(filling.filled(root))
        }
        return JobFileResult(
            document: sink.hasErrors ? nil : document, diagnostics: sink.sorted(), source: source)
    }
}
