import JSONText
import JobModel

extension FilterCall {
    /// Applies the filter to a value that is there.
    func apply(to value: TemplateValue, _ context: inout RenderContext) throws(FilterFailure) -> TemplateValue {
        switch name {
        case .fallback: value
        case .int: try NumberFilters.int(value)
        case .number: .json(.number(try NumberFilters.number(value)))
        case .add: .json(.number(try NumberFilters.sum(value, try argument(0, &context))))
        case .bool: .json(.bool(try NumberFilters.bool(value)))
        case .string: .text(value.joinedText)
        case .json: .json(try TextFilters.parsed(try value.scalarText()))
        case .toJson: .text(value.jsonText)
        case .lower: .text(TextFilters.lowercased(try value.scalarText()))
        case .upper: .text(TextFilters.uppercased(try value.scalarText()))
        case .trim: .text(TextFilters.trimmed(try value.scalarText()))
        case .replace:
            .text(
                try TextFilters.replaced(
                    try value.scalarText(), try text(0, &context), by: try text(1, &context)))
        case .base64: .text(TextFilters.base64(try value.scalarText()))
        case .sha256: .text(TextFilters.sha256(try value.scalarText()))
        case .urlEncode: .text(TextFilters.urlEncoded(try value.scalarText()))
        case .split: .json(.array(TextFilters.split(try value.scalarText(), at: try text(0, &context))))
        case .join: .text(try ListFilters.joined(value, by: try text(0, &context)))
        case .first: try ListFilters.first(value)
        case .last: try ListFilters.last(value)
        case .size: .json(.number(JSONNumber(try ListFilters.size(value))))
        case .slice:
            .json(try ListFilters.slice(value, from: try whole(0, &context), length: try whole(1, &context)))
        case .plus: .time(try TimeFilters.shifted(value, by: try duration(&context), forward: true))
        case .minus: .time(try TimeFilters.shifted(value, by: try duration(&context), forward: false))
        case .date: .text(try date(value, &context))
        }
    }

    private func argument(_ position: Int, _ context: inout RenderContext) throws(FilterFailure) -> TemplateValue {
        let value = Evaluator.operand(arguments[position], &context)
        if case .missing(.path(let path)) = value {
            throw FilterFailure(message: "\(path.path) is missing", missing: path)
        }
        return value
    }

    private func text(_ position: Int, _ context: inout RenderContext) throws(FilterFailure) -> String {
        try argument(position, &context).scalarText()
    }

    private func whole(_ position: Int, _ context: inout RenderContext) throws(FilterFailure) -> Int {
        let value = try argument(position, &context)
        guard let whole = try NumberFilters.number(value).intValue else {
            throw FilterFailure(message: "wants a whole number, found \(value.excerpt)")
        }
        return whole
    }

    private func duration(_ context: inout RenderContext) throws(FilterFailure) -> Duration {
        if case .duration(let duration) = prepared { return duration }
        let text = try text(0, &context)
        guard let duration = Duration(durationText: text) else {
            throw FilterFailure(
                message: "wants a duration such as '1h30m', found \(JSONValue.string(text).excerpt)")
        }
        return duration
    }

    private func date(_ value: TemplateValue, _ context: inout RenderContext) throws(FilterFailure) -> String {
        let time = try TimeFilters.time(value)
        let zone = arguments.count > 1 ? try text(1, &context) : context.defaultZone
        let clock = try ZoneClock(time, zone: zone, context.zones)
        if case .format(let format) = prepared { return format.text(of: clock) }
        let text = try text(0, &context)
        do throws(DateFormat.Problem) {
            return try DateFormat(text).text(of: clock)
        } catch {
            throw FilterFailure(message: error.message)
        }
    }
}

extension TemplateValue {
    /// The value as text among other text: null is empty, arrays and objects are compact JSON.
    var joinedText: String {
        switch self {
        case .json(.string(let text)): text
        case .json(.number(let number)): number.text
        case .json(.null), .missing: ""
        case .json(let value): JSONWriter.text(of: value)
        case .time(let time): time.templateText
        }
    }

    var jsonText: String {
        switch self {
        case .json(let value): JSONWriter.text(of: value)
        case .time(let time): JSONWriter.text(of: .string(time.templateText))
        case .missing: "null"
        }
    }

    /// The text that text filters work on: of strings, numbers, bools and times.
    func scalarText() throws(FilterFailure) -> String {
        switch self {
        case .json(.string), .json(.number), .json(.bool), .time: return joinedText
        case .json(let value):
            let advice = value.isNull ? "default: gives a value for that" : "toJson makes text of it"
            throw FilterFailure(message: "wants text, found \(value.kindWords); \(advice)")
        case .missing:
            throw FilterFailure(message: "wants text, found nothing")
        }
    }

    /// The value in a message.
    var excerpt: String {
        switch self {
        case .json(let value): value.excerpt
        case .time: "a time"
        case .missing: "nothing"
        }
    }
}
