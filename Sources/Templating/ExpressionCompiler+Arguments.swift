import JSONText
import JobModel

extension ExpressionCompiler {
    /// Checks a literal argument and works out what can be worked out now.
    mutating func check(
        _ literal: JSONValue, is parameter: FilterName.Parameter, of name: FilterName, at range: Range<Int>,
        _ prepared: inout FilterCall.Prepared
    ) -> Bool {
        switch (parameter, literal) {
        case (.any, _), (.number, .number):
            return true
        case (.text, .string):
            return true
        case (.searched, .string(let text)) where !text.isEmpty:
            return true
        case (.whole, .number(let number)) where number.intValue != nil:
            return true
        case (.duration, .string(let text)):
            guard let duration = Duration(durationText: text) else { break }
            prepared = .duration(duration)
            return true
        case (.format, .string(let text)):
            do throws(DateFormat.Problem) {
                prepared = .format(try DateFormat(text))
                return true
            } catch {
                // The quote before the text is one byte.
                let start = range.lowerBound + 1 + error.offset
                report(start..<(start + error.length), error.message, error.hint)
                return false
            }
        case (.zone, .string(let text)):
            guard let zones, !ZoneClock.isUTC(text) else { return true }
            guard zones.offset(inZone: text, at: Timestamp(seconds: 0)) == nil else { return true }
            report(range, "there is no time zone '\(text)'", "write an IANA name such as 'Europe/Berlin'")
            return false
        default:
            break
        }
        report(range, "\(name.rawValue) wants \(parameter.words)", "write \(name.usage)")
        return false
    }
}
