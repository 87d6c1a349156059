import JobModel

/// Reads `Retry-After`: seconds, or an HTTP date (RFC 9110, section 10.2.3).
enum RetryAfter {
    /// No answer can ask for more; it also keeps the arithmetic within bounds.
    static let maximum: Duration = .seconds(366 * 86_400)

    /// - Parameters:
    ///   - headers: with names in lower case.
    ///   - wallNow: what a date is measured against if the answer has no valid `Date` of its own. The answer's `Date`
    ///     comes first, so that a wrong clock here does not matter.
    /// - Returns: what is asked for from the answer's arrival on, never negative; nil if nothing readable is.
    static func read(headers: [(name: String, value: String)], wallNow: @autoclosure () -> Timestamp) -> Duration? {
        guard let text = value(of: "retry-after", in: headers) else { return nil }
        if text.utf8.allSatisfy({ (48...57).contains($0) }) {
            // Digits that do not fit in 64 bits ask for more than the maximum.
            return min(Int64(text).map { .seconds($0) } ?? maximum, maximum)
        }
        let now = wallNow()
        guard let date = HTTPDate.read(text, now: now) else { return nil }
        let sent = value(of: "date", in: headers).flatMap { HTTPDate.read($0, now: now) } ?? now
        return min(max(date - sent, .zero), maximum)
    }

    private static func value(of name: String, in headers: [(name: String, value: String)]) -> String? {
        guard let text = headers.first(where: { $0.name == name })?.value else { return nil }
        let trimmed = text.drop { $0 == " " || $0 == "\t" }
        guard let last = trimmed.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return nil }
        return String(trimmed[...last])
    }
}
