import JSONText
import JobModel
import Templating
import YAMLText

/// Reads the section `input` of a job.
struct InputReader {
    let templates: TemplateReader
    let file: String

    /// The input and the text of its key; nil if something is wrong, and reported.
    func read(_ field: YAMLField?) -> (input: JobInput, key: String?)? {
        guard let field else { return (JobInput(), nil) }
        guard field.node.mapping != nil || field.isNull else {
            return field.mismatch("a mapping", hint: "write { file: … } or { items: [ … ] }")
        }
        guard let section = field.mapping() else { return nil }
        let problems = templates.sink.errorCount
        var input = JobInput()
        let items = section.field("items")
        let path = section.field("file")
        let format = section.field("format")
        let delimiter = section.field("delimiter")
        let header = section.field("header")
        let key = section.field("key")
        section.finish()
        input.format = format.flatMap { $0.choice(InputFormat.self) }
        input.delimiter = delimiter.flatMap(Self.delimiter)
        if let header { input.hasHeader = header.boolean() ?? true }
        if let items {
            if let path {
                templates.sink.error(
                    .badValue, "\(section.path) has both 'file' and 'items'", hint: "remove one of the two",
                    at: path.keyLocation)
            }
            for setting in [format, delimiter, header].compactMap(\.self) {
                templates.sink.error(
                    .badValue, "\(setting.path) says how a file is read, and there is none", hint: "remove it",
                    at: setting.keyLocation)
            }
            let conversion = JSONConversion(sink: templates.sink)
            input.source = .items(items.elements(of: "a list of rows")?.map { conversion.value($0.node) } ?? [])
        } else if let path, let text = path.text() {
            readFile(text, path, &input, tellsFormat: format != nil)
        }
        let ownFormat =
            templates.options.formatIsGiven ? nil : path.flatMap { InputFormat(path: $0.node.scalar?.text ?? "") }
        if let format = input.format ?? ownFormat, format == .json || format == .jsonl {
            for setting in [delimiter, header].compactMap(\.self) {
                templates.sink.error(
                    .badValue, "\(setting.path) is for CSV and TSV only", hint: "remove it", at: setting.keyLocation)
            }
        }
        var keyText: String?
        if let key, let text = key.text() {
            keyText = text
            input.key = templates.text(text, of: key, scope: .key)
        }
        return templates.sink.errorCount == problems ? (input, keyText) : nil
    }

    private func readFile(_ text: String, _ field: YAMLField, _ input: inout JobInput, tellsFormat: Bool) {
        guard !text.isEmpty, !text.utf8.contains(0) else {
            let _: Int? = field.mismatch("the name of a file", code: .badValue)
            return
        }
        input.source = .file(written: text, path: JobFilePath.resolve(text, beside: file))
        if !tellsFormat, !templates.options.formatIsGiven, text != "-", InputFormat(path: text) == nil {
            let _: Int? = field.refuse(
                "the name does not tell the format", hint: "add format: csv, tsv, jsonl or json")
        }
    }

    private static func delimiter(_ field: YAMLField) -> String? {
        guard let text = field.text() else { return nil }
        if text == #"\t"# { return "\t" }
        guard text.utf8.count == 1, let byte = text.utf8.first, byte < 0x7F, byte >= 0x20 || byte == 0x09,
            byte != UInt8(ascii: "\"")
        else { return field.mismatch(#"one ASCII character such as ";" or "\t""#, code: .badValue) }
        return text
    }
}
