/// One event of libyaml's parser, copied out of its memory. Positions count Unicode scalars from 0.
struct YAMLEvent {
    enum Kind {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(anchor: String?, tag: String?, text: String, style: YAMLScalar.Style)
        case sequenceStart(anchor: String?, tag: String?)
        case sequenceEnd
        case mappingStart(anchor: String?, tag: String?)
        case mappingEnd
    }

    var kind: Kind
    var start: Int
    var end: Int
}

/// What libyaml says when it gives up.
struct YAMLSyntaxFailure: Error {
    /// libyaml's words, such as `did not find expected key`; empty if it gives none.
    var problem: String
    /// What it was doing, such as `while parsing a block mapping`.
    var context: String
    /// A Unicode scalar, from 0; nil if ``byteOffset`` says where.
    var position: Int?
    /// Where the construct began that it was reading.
    var contextPosition: Int?
    var byteOffset: Int?
}
