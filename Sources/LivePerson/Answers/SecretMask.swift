import JSONText
package import JobModel

/// Blots out secrets that a server echoes, in the forms in which they may come back: as they are, percent-encoded, and
/// escaped as in JSON.
package struct SecretMask: Sendable {
    /// Shorter ones guard nothing, and would be found in ordinary answers.
    static let minimumEchoLength = 6

    private static let blot = Array("***".utf8)

    /// The longest first.
    private let patterns: [BytePattern]

    package init(_ secrets: Secret...) {
        self.init(secrets)
    }

    /// For answers of functions, which may echo what they know: most secrets look the same in all forms, so that each
    /// answer is searched once for each of them.
    package init(echoed secrets: Secret...) {
        self.init(secrets.filter { $0.reveal().utf8.count >= Self.minimumEchoLength })
    }

    private init(_ secrets: [Secret]) {
        let texts = secrets.map { $0.reveal() }.filter { !$0.isEmpty }
        let forms = Set(texts.flatMap { [$0] + Self.percentForms($0) + Self.jsonForms($0) })
        patterns = forms.sorted { $0.utf8.count > $1.utf8.count }.compactMap { BytePattern(Array($0.utf8)) }
    }

    /// The same bytes, each occurrence of a secret replaced by `***`.
    func masked(_ bytes: [UInt8]) -> [UInt8] {
        masking(bytes) ?? bytes
    }

    /// The same text, each occurrence of a secret replaced by `***`.
    package func masked(_ text: String) -> String {
        masking(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// Nil if there is nothing to replace.
    private func masking(_ bytes: [UInt8]) -> [UInt8]? {
        var result: [UInt8]?
        for pattern in patterns {
            if let replaced = pattern.replaced(by: Self.blot, in: result ?? bytes) { result = replaced }
        }
        return result
    }

    // MARK: Forms

    /// With digits in either case, and with `+` for the blank, as forms have it.
    private static func percentForms(_ text: String) -> [String] {
        let upper = PercentEncoding.encode(text)
        var isHex = 0
        let lower = String(
            decoding: upper.utf8.map { byte in
                if byte == UInt8(ascii: "%") {
                    isHex = 2
                } else if isHex > 0 {
                    isHex -= 1
                    return byte | 0x20
                }
                return byte
            }, as: UTF8.self)
        return [upper, lower].flatMap { [$0, $0.replacing("%20", with: "+")] }
    }

    /// With and without escapes of what need not be escaped (RFC 8259, section 7): the slash, and all but ASCII.
    private static func jsonForms(_ text: String) -> [String] {
        var bytes: [UInt8] = []
        JSONWriter.append(contentOf: text, to: &bytes)
        let plain = String(decoding: bytes, as: UTF8.self)
        let forms = [plain, asciiOnly(plain, uppercase: false), asciiOnly(plain, uppercase: true)]
        return forms.flatMap { [$0, $0.replacing("/", with: #"\/"#)] }
    }

    private static func asciiOnly(_ text: String, uppercase: Bool) -> String {
        text.utf16.reduce(into: "") { result, unit in
            if unit < 0x80, let scalar = Unicode.Scalar(unit) {
                result.unicodeScalars.append(scalar)
            } else {
                // Never less than four digits with the leading one cut off.
                result += #"\u"# + String(0x10000 + Int(unit), radix: 16, uppercase: uppercase).dropFirst()
            }
        }
    }
}
