package import JobModel

/// What was read of a YAML file: its tree as far as it goes, and every problem.
package struct YAMLDocument: Sendable {
    /// Nil if the file has no tree: empty, unreadable, not YAML.
    package var root: YAMLNode?
    package var diagnostics: [Diagnostic]
    package var source: SourceText

    /// What one file may hold.
    package struct Limits: Sendable {
        /// Of the file, in bytes.
        package var bytes = 64 << 20
        /// Of lists and mappings in each other, through aliases too.
        package var depth = 64
        /// Scalars, lists and mappings, keys included, those that aliases repeat counted every time.
        package var nodes = 1_000_000

        package init() {}
    }

    /// Reads one YAML document in UTF-8.
    ///
    /// Aliases are expanded (shared in memory, counted in full), merge keys (`<<`, of YAML 1.1) merged, where keys of
    /// the mapping itself win and then the first source. Errors: no UTF-8, no YAML, nothing at all, a second document,
    /// a limit, duplicate keys, keys that are no scalars, unknown tags, aliases without anchor or inside of it.
    package static func parse(_ source: SourceText, limits: Limits = Limits()) -> YAMLDocument {
        let sink = DiagnosticSink(file: source.file)
        let root = root(of: source, limits: limits, sink: sink)
        return YAMLDocument(root: root, diagnostics: sink.sorted(), source: source)
    }

    /// The tree of a document as far as it goes, like ``parse(_:limits:)``; problems go to a sink of the caller.
    package static func root(
        of source: SourceText, limits: Limits = Limits(), sink: DiagnosticSink
    ) -> YAMLNode? {
        guard source.bytes.count <= limits.bytes else {
            sink.error(
                .limit, "the file has more than \(limits.bytes) bytes",
                hint: "keep rows in a file of their own and name it under 'input'", at: nil)
            return nil
        }
        guard checkEncoding(of: source, sink: sink) else { return nil }
        guard !source.bytes.isEmpty else {
            sink.error(.emptyFile, "the file is empty", at: nil)
            return nil
        }
        return source.bytes.withUnsafeBufferPointer { bytes -> YAMLNode? in
            var builder = YAMLTreeBuilder(source: source, limits: limits, sink: sink)
            do throws(YAMLSyntaxFailure) {
                var reader = try YAMLEventReader(bytes)
                while builder.take(try reader.next()) {}
            } catch {
                sink.add(error.diagnostic(in: source))
                return nil
            }
            return builder.root
        }
    }

    private static func checkEncoding(of source: SourceText, sink: DiagnosticSink) -> Bool {
        let bytes = source.bytes
        let isUTF16 =
            bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
            || bytes.count >= 4 && (bytes[0] == 0) != (bytes[1] == 0) && (bytes[0] == 0) == (bytes[2] == 0)
                && (bytes[1] == 0) == (bytes[3] == 0)
        if isUTF16 {
            sink.error(.encoding, "the file is UTF-16 or UTF-32", hint: "save it as UTF-8", at: nil)
            return false
        }
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
            return true
        } catch {
            let offset = error.byteOffsets.lowerBound
            let digits = String(bytes[offset], radix: 16, uppercase: true)
            sink.error(
                .encoding, "the byte 0x\(digits) here is not UTF-8", hint: "save the file as UTF-8",
                at: source.location(ofByte: offset))
            return false
        }
    }
}
