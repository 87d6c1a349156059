/// Folds the white space of JSON text: strings and numbers stay byte for byte as they are.
package enum JSONMinifier {
    /// Appends JSON text without insignificant white space, in one pass that also checks it.
    ///
    /// - Returns: false if the bytes are not one JSON value (as ``JSONParser`` judges); nothing is appended then.
    package static func append(
        _ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8], depthLimit: Int = JSONParser.depthLimit
    ) -> Bool {
        let length = output.count
        var folder = Folder(scanner: JSONScanner(bytes, depthLimit: depthLimit))
        guard (try? folder.fold(to: &output)) != nil else {
            output.removeLast(output.count - length)
            return false
        }
        return true
    }

    /// Appends JSON text without insignificant white space; false, and nothing appended, if it is not JSON.
    package static func append(
        _ bytes: [UInt8], to output: inout [UInt8], depthLimit: Int = JSONParser.depthLimit
    ) -> Bool {
        bytes.withUnsafeBufferPointer { append($0, to: &output, depthLimit: depthLimit) }
    }

    /// Copies runs between white space as a whole: text that has none is copied in one go.
    private struct Folder {
        var scanner: JSONScanner
        var runStart = 0

        mutating func fold(to output: inout [UInt8]) throws(JSONFailure) {
            skipWhitespace(&output)
            try value(depth: 1, &output)
            skipWhitespace(&output)
            guard scanner.position == scanner.bytes.count else { throw scanner.failure(.trailingContent) }
            flush(&output)
        }

        private func flush(_ output: inout [UInt8]) {
            if runStart < scanner.position {
                output.append(
                    contentsOf: UnsafeBufferPointer(rebasing: scanner.bytes[runStart..<scanner.position]))
            }
        }

        @inline(__always)
        private mutating func skipWhitespace(_ output: inout [UInt8]) {
            guard let byte = scanner.current, JSONScanner.isWhitespace(byte) else { return }
            flush(&output)
            scanner.skipWhitespace()
            runStart = scanner.position
        }

        private mutating func value(depth: Int, _ output: inout [UInt8]) throws(JSONFailure) {
            switch scanner.current {
            case UInt8(ascii: "\""): _ = try scanner.skipString()
            case UInt8(ascii: "{"): try container(depth: depth, end: UInt8(ascii: "}"), hasNames: true, &output)
            case UInt8(ascii: "["): try container(depth: depth, end: UInt8(ascii: "]"), hasNames: false, &output)
            default: try scanner.skipScalar()
            }
        }

        private mutating func container(
            depth: Int, end: UInt8, hasNames: Bool, _ output: inout [UInt8]
        ) throws(JSONFailure) {
            try scanner.check(depth: depth)
            scanner.position += 1
            skipWhitespace(&output)
            if scanner.skip(end) { return }
            while true {
                if hasNames {
                    guard scanner.current == UInt8(ascii: "\"") else { throw scanner.failure() }
                    _ = try scanner.skipString()
                    skipWhitespace(&output)
                    guard scanner.skip(UInt8(ascii: ":")) else { throw scanner.failure() }
                    skipWhitespace(&output)
                }
                try value(depth: depth + 1, &output)
                skipWhitespace(&output)
                if scanner.skip(end) { return }
                guard scanner.skip(UInt8(ascii: ",")) else { throw scanner.failure() }
                skipWhitespace(&output)
            }
        }
    }
}
