internal import CYAML

/// libyaml's event parser over bytes that outlive it; every return value is looked at, every event is freed.
struct YAMLEventReader: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// - Parameter bytes: UTF-8 without byte order mark; must stay valid as long as this reader.
    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(YAMLSyntaxFailure) {
        parser = try Self.makeParser(bytes)
    }

    private static func makeParser(
        _ bytes: UnsafeBufferPointer<UInt8>
    ) throws(YAMLSyntaxFailure) -> UnsafeMutablePointer<yaml_parser_t> {
        // libyaml asserts that its input is not null, which the base of an empty buffer may be.
        guard let base = bytes.baseAddress else { throw YAMLSyntaxFailure(problem: "empty input", context: "") }
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            throw YAMLSyntaxFailure(problem: "out of memory", context: "")
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, base, bytes.count)
        return parser
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    mutating func next() throws(YAMLSyntaxFailure) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(
            kind: Self.kind(of: event), start: Int(event.start_mark.index), end: Int(event.end_mark.index))
    }

    private static func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
        switch event.type {
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.value == nil ? 0 : scalar.length)
            return .scalar(
                anchor: text(scalar.anchor), tag: text(scalar.tag), text: String(decoding: bytes, as: UTF8.self),
                style: style(scalar.style))
        case YAML_SEQUENCE_START_EVENT:
            let sequence = event.data.sequence_start
            return .sequenceStart(anchor: text(sequence.anchor), tag: text(sequence.tag))
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            let mapping = event.data.mapping_start
            return .mappingStart(anchor: text(mapping.anchor), tag: text(mapping.tag))
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        // YAML_STREAM_END_EVENT, and YAML_NO_EVENT, which libyaml gives once the stream has ended.
        default: return .streamEnd
        }
    }

    private static func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(decodingCString: $0, as: UTF8.self) }
    }

    private func failure() -> YAMLSyntaxFailure {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? ""
        let context = parser.pointee.context.map { String(cString: $0) } ?? ""
        switch parser.pointee.error {
        case YAML_READER_ERROR:
            return YAMLSyntaxFailure(
                problem: problem, context: context, byteOffset: Int(clamping: parser.pointee.problem_offset))
        case YAML_MEMORY_ERROR:
            return YAMLSyntaxFailure(problem: "out of memory", context: "")
        default:
            return YAMLSyntaxFailure(
                problem: problem, context: context, position: Int(clamping: parser.pointee.problem_mark.index),
                contextPosition: context.isEmpty ? nil : Int(clamping: parser.pointee.context_mark.index))
        }
    }
}
