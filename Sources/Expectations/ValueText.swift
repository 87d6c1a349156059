import JSONText

/// Values as they are shown in failures: JSON, without secrets, of a bearable length.
struct ValueText {
    /// Of one value, in characters.
    static let limit = 1000

    /// Takes secrets out.
    let redact: (String) -> String

    func callAsFunction(_ value: JSONValue) -> String {
        cut(JSONWriter.text(of: value))
    }

    /// The value without secrets; nil if there are none in it.
    func redacted(_ value: JSONValue) -> JSONValue? {
        let text = JSONWriter.text(of: value)
        let redacted = redact(text)
        return redacted == text ? nil : try? JSONParser.parse(redacted)
    }

    /// Secrets are taken out before the text is cut: half of one is too much.
    func cut(_ text: String, to limit: Int = limit) -> String {
        let text = redact(text)
        guard text.utf8.count > limit else { return text }
        let head = text.prefix(limit)
        return head.endIndex == text.endIndex ? text : "\(head)… (\(text.utf8.count) bytes)"
    }
}
