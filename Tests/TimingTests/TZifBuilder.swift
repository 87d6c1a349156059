/// Makes TZif files (RFC 9636) for tests, well-formed unless told otherwise.
struct TZifBuilder {
    var version: Unicode.Scalar = "2"
    /// Offset in seconds, daylight saving, place in ``names``.
    var types: [(Int32, UInt8, UInt8)] = [(3600, 0, 0), (7200, 1, 4)]
    var names = "CET\0CEST\0"
    var times: [Int64] = []
    var indices: [UInt8] = []
    var footer: String? = "CET-1CEST,M3.5.0,M10.5.0/3"
    var leapSeconds: UInt32 = 0

    var bytes: [UInt8] {
        guard version != "\0" else { return header + block(timeSize: 4) }
        var bytes = header + block(timeSize: 4) + header + block(timeSize: 8)
        if let footer { bytes += Array("\n\(footer)\n".utf8) }
        return bytes
    }

    private var header: [UInt8] {
        var bytes = Array("TZif".utf8) + [UInt8(ascii: version)] + [UInt8](repeating: 0, count: 15)
        let counts: [UInt32] = [
            0, 0, leapSeconds, UInt32(times.count), UInt32(types.count), UInt32(names.utf8.count),
        ]
        for count in counts { append(count, to: &bytes) }
        return bytes
    }

    private func block(timeSize: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for time in times {
            if timeSize == 8 { append(time, to: &bytes) } else { append(Int32(clamping: time), to: &bytes) }
        }
        bytes += indices
        for type in types {
            append(type.0, to: &bytes)
            bytes += [type.1, type.2]
        }
        bytes += Array(names.utf8)
        bytes += [UInt8](repeating: 0, count: Int(leapSeconds) * (timeSize + 4))
        return bytes
    }

    private func append<Value: FixedWidthInteger>(_ value: Value, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
