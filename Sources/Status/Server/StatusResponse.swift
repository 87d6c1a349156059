/// An answer of the status server.
struct StatusResponse: Sendable, Equatable {
    /// The statuses that it uses; a closed set (RFC 9110, section 15).
    enum Status: Int, Sendable {
        case ok = 200
        case badRequest = 400
        case notFound = 404
        case methodNotAllowed = 405
        case headersTooLarge = 431
        case unavailable = 503
    }

    static let text = "text/plain; charset=utf-8"
    static let json = "application/json"
    static let html = "text/html; charset=utf-8"

    var status: Status
    var contentType: String
    var body: [UInt8]

    init(_ status: Status, _ contentType: String = text, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// A line of plain text.
    init(_ status: Status, _ line: String) {
        self.init(status, Self.text, body: Array((line + "\n").utf8))
    }
}
