import NIOCore

/// What goes back for one request, and how.
struct Answer {
    /// How the answer reaches the client, if it does.
    enum Delivery {
        case whole
        /// More bytes are announced than sent, then the connection is closed.
        case torn
        case close
        case reset
        case hang
        case garbage
    }

    enum Body {
        case none
        case bytes([UInt8])
        /// A part of the request, sent back without a copy.
        case slice(ByteBuffer)

        var count: Int {
            switch self {
            case .none: 0
            case .bytes(let bytes): bytes.count
            case .slice(let buffer): buffer.readableBytes
            }
        }
    }

    var delivery = Delivery.whole
    var status: Int
    var body = Body.none
    var contentType = ContentType.json
    var retryAfter: Fate.RetryAfter?
    /// The header `Allow`, of a 405 (RFC 9110, section 10.2.1).
    var allow: StaticString?
    var latency = Duration.zero
    /// To be handed back when the answer has gone out, or never will.
    var ticket: Ticket?

    enum ContentType {
        case json
        case text(String)
    }
}

/// A request in work.
struct Ticket {
    var target: TargetKey
    /// Counts resets of the statistics: a request from before the last one is not counted off.
    var epoch: Int
}

/// What a request addresses.
enum TargetKey: Hashable {
    case function(UUIDKey)
    case event(String)

    var text: String {
        switch self {
        case .function(let id): id.text
        case .event(let id): id
        }
    }
}

/// A request, read in full.
struct PlatformRequest {
    var method: String
    var uri: String
    var fields: RequestFields
    var body: ByteBuffer
    /// More bytes came than are accepted; the body is empty.
    var isTooLarge = false
}
