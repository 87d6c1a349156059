import JSONText

/// A response, read in full.
struct HTTPResponse {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    var json: JSONValue {
        get throws { try JSONParser.parse(body) }
    }

    /// The first response in some bytes and its length; nil if it is not whole.
    static func parse(_ bytes: [UInt8]) -> (HTTPResponse, Int)? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: "\r\n\r\n".utf8) }) else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        guard text.hasPrefix("HTTP/1.1 "), let status = Int(lines[0].dropFirst(9).prefix(3)) else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        let start = end + 4
        let length = Int(headers["content-length"] ?? "0") ?? 0
        guard bytes.count >= start + length else { return nil }
        let body = Array(bytes[start..<start + length])
        return (HTTPResponse(status: status, headers: headers, body: body), start + length)
    }
}
