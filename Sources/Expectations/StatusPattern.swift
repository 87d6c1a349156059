/// Which HTTP statuses are meant: one, or a class of them.
package enum StatusPattern: Sendable, Hashable, CustomStringConvertible {
    case code(Int)
    /// The first digit: 2 of `2xx`.
    case hundred(Int)

    /// Statuses have three digits; the platform's own 901 is one.
    package static let codes = 100...999

    /// Reads `200` or `2xx`.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 3, (49...57).contains(bytes[0]) else { return nil }
        if bytes[1] | 0x20 == UInt8(ascii: "x"), bytes[2] | 0x20 == UInt8(ascii: "x") {
            self = .hundred(Int(bytes[0]) - 48)
        } else if let code = Int(text) {
            self = .code(code)
        } else {
            return nil
        }
    }

    package func matches(_ status: Int) -> Bool {
        switch self {
        case .code(let code): status == code
        case .hundred(let digit): status / 100 == digit
        }
    }

    package var description: String {
        switch self {
        case .code(let code): "\(code)"
        case .hundred(let digit): "\(digit)xx"
        }
    }
}
