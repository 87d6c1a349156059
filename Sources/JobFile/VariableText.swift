/// Fills variables into one text: `${VAR}`, `${VAR:-default}`, `${VAR:?message}`; `$$` is `$`, a lone `$` is itself.
///
/// As in shells (POSIX, Shell Command Language, 2.6.2) `:-` and `:?` also take an empty variable for unset, and a
/// default may hold variables. What is filled in is not searched again.
struct VariableText {
    /// What is wrong, and where in UTF-8 bytes of the text.
    struct Problem: Equatable {
        enum Kind: Equatable {
            /// Not set, and no default.
            case unset(name: String, message: String?)
            /// `${` that does not follow the rules.
            case malformed(String)
        }

        var kind: Kind
        var offset: Int
        var length: Int
    }

    /// Defaults inside of defaults go so deep.
    private static let deepest = 16

    private(set) var text: [UInt8] = []
    private(set) var problems: [Problem] = []
    private let source: [UInt8]
    private let environment: [String: String]
    private var position = 0

    private init(source: [UInt8], environment: [String: String]) {
        self.source = source
        self.environment = environment
        text.reserveCapacity(source.count)
    }

    /// The text with its variables filled in, and the problems of those that could not be.
    static func fill(_ text: String, environment: [String: String]) -> (text: String, problems: [Problem]) {
        var filler = VariableText(source: Array(text.utf8), environment: environment)
        filler.fill(depth: 0, isUsed: true)
        return (String(decoding: filler.text, as: UTF8.self), filler.problems)
    }

    /// Copies up to the end or, inside of a default, to the brace that ends it.
    ///
    /// - Parameter isUsed: whether the text is wanted: variables of a default that is not used may be unset.
    private mutating func fill(depth: Int, isUsed: Bool) {
        while position < source.count {
            let byte = source[position]
            if byte == UInt8(ascii: "}"), depth > 0 { return }
            position += 1
            guard byte == UInt8(ascii: "$"), position < source.count else {
                if isUsed { text.append(byte) }
                continue
            }
            switch source[position] {
            case UInt8(ascii: "$"):
                position += 1
                if isUsed { text.append(byte) }
            case UInt8(ascii: "{"):
                position += 1
                reference(depth: depth, isUsed: isUsed)
            default:
                if isUsed { text.append(byte) }
            }
        }
    }

    /// Reads a reference from after its opening brace to after its closing one.
    private mutating func reference(depth: Int, isUsed: Bool) {
        let start = position - 2
        let name = takeName()
        guard !name.isEmpty else { return malformed("'${' wants the name of a variable", from: start) }
        guard depth < Self.deepest else { return malformed("defaults inside of defaults are too deep", from: start) }
        let value = environment[name]
        let isSet = value?.isEmpty == false
        switch (at(position), at(position + 1)) {
        case (UInt8(ascii: "}"), _):
            position += 1
            guard isUsed else { return }
            guard let value else { return unset(name, nil, from: start) }
            text.append(contentsOf: value.utf8)
        case (UInt8(ascii: ":"), UInt8(ascii: "-")):
            position += 2
            if isUsed, isSet, let value { text.append(contentsOf: value.utf8) }
            fill(depth: depth + 1, isUsed: isUsed && !isSet)
            close(from: start)
        case (UInt8(ascii: ":"), UInt8(ascii: "?")):
            position += 2
            let messageStart = position
            fill(depth: depth + 1, isUsed: false)
            let message = String(decoding: source[messageStart..<position], as: UTF8.self)
            close(from: start)
            guard isUsed else { return }
            guard isSet, let value else { return unset(name, message, from: start) }
            text.append(contentsOf: value.utf8)
        case (nil, _):
            malformed("'${' without '}'", from: start)
        default:
            malformed("'${\(name)' wants '}', ':-' with a default or ':?' with a message", from: start)
        }
    }

    private mutating func takeName() -> String {
        let start = position
        while let byte = at(position), Self.isNamePart(byte, isFirst: position == start) { position += 1 }
        return String(decoding: source[start..<position], as: UTF8.self)
    }

    private mutating func close(from start: Int) {
        guard at(position) == UInt8(ascii: "}") else { return malformed("'${' without '}'", from: start) }
        position += 1
    }

    private mutating func malformed(_ message: String, from start: Int) {
        // The defaults around it are unfinished, too: one message will do.
        if problems.last.map({ $0.offset + $0.length < source.count }) ?? true {
            problems.append(Problem(kind: .malformed(message), offset: start, length: max(2, position - start)))
        }
    }

    private mutating func unset(_ name: String, _ message: String?, from start: Int) {
        problems.append(
            Problem(kind: .unset(name: name, message: message), offset: start, length: position - start))
    }

    private func at(_ position: Int) -> UInt8? {
        position < source.count ? source[position] : nil
    }

    /// The characters of names of environment variables (POSIX, 8.1), lower-case letters too.
    static func isNamePart(_ byte: UInt8, isFirst: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): !isFirst
        default: false
        }
    }
}
