/// Colours of text for people on a terminal (ECMA-48, SGR).
package enum TextColor: String, Sendable {
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
    case gray = "90"

    package func paint(_ text: String) -> String {
        "\u{1B}[\(rawValue)m\(text)\u{1B}[0m"
    }
}
