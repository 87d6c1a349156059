import JobModel

/// A ``SourceLocation`` in half the room, for the nodes of large files; numbers beyond 32 bits become the largest.
struct YAMLPlace: Sendable {
    private let line: UInt32
    private let column: UInt32
    private let length: UInt32

    init(_ location: SourceLocation) {
        line = UInt32(clamping: location.line)
        column = UInt32(clamping: location.column)
        length = UInt32(clamping: location.length)
    }

    var location: SourceLocation {
        SourceLocation(line: Int(line), column: Int(column), length: Int(length))
    }
}
