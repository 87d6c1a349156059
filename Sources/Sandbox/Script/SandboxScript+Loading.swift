package import JobModel
package import YAMLText

extension SandboxScript {
    /// What came of reading a script.
    package struct Loading: Sendable {
        /// Nil if there is any error.
        package var script: SandboxScript?
        /// All problems, by place.
        package var diagnostics: [Diagnostic]
        /// The text, for rendering the problems; nil if it could not be read.
        package var source: SourceText?
    }

    /// Reads a script from a file.
    package static func load(path: String) -> Loading {
        let sink = DiagnosticSink(file: path)
        guard let source = SourceText.read(path, sink: sink) else {
            return Loading(script: nil, diagnostics: sink.sorted(), source: nil)
        }
        return load(source)
    }

    /// Reads a script from memory.
    ///
    /// - Parameter file: the name that problems carry.
    package static func load(bytes: [UInt8], file: String) -> Loading {
        load(SourceText(file: file, bytes: bytes))
    }

    private static func load(_ source: SourceText) -> Loading {
        let document = YAMLDocument.parse(source)
        let sink = DiagnosticSink(file: source.file)
        for diagnostic in document.diagnostics { sink.add(diagnostic) }
        var script: SandboxScript?
        if let root = document.root {
            let top = YAMLField(root: root, sink: sink)
            script = top.mapping().map { ScriptReader(source: source).script($0) }
        }
        return Loading(script: sink.hasErrors ? nil : script, diagnostics: sink.sorted(), source: source)
    }
}
