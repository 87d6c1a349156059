import JobModel
import NIOCore

/// Writes answers as HTTP/1.1 (RFC 9112): any status of three digits, and broken ones where that is wanted.
struct ResponseEncoder {
    private var dateSecond = Int64.min
    private var dateText = ""

    /// How many bytes more than there are a torn answer announces.
    private static let missingBytes = 16

    /// Bytes that are no HTTP.
    static let garbage = "\u{16}\u{3}\u{1}%% this is not HTTP %%\r\n\r\n"

    mutating func write(
        _ answer: Answer, isHead: Bool, closes: Bool, now: Timestamp, to buffer: inout ByteBuffer
    ) {
        let isTorn = answer.delivery == .torn
        let hasBody = answer.status >= 200 && answer.status != 204 && answer.status != 304
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeInteger(asDigits: answer.status)
        buffer.writeStaticString(" ")
        buffer.writeStaticString(Self.reason(answer.status))
        buffer.writeStaticString("\r\nDate: ")
        buffer.writeString(date(now))
        if hasBody {
            switch answer.contentType {
            case .json: buffer.writeStaticString("\r\nContent-Type: application/json")
            case .text(let type):
                buffer.writeStaticString("\r\nContent-Type: ")
                buffer.writeString(type)
            }
            buffer.writeStaticString("\r\nContent-Length: ")
            buffer.writeInteger(asDigits: answer.body.count + (isTorn ? Self.missingBytes : 0))
        }
        if let retryAfter = answer.retryAfter {
            buffer.writeStaticString("\r\nRetry-After: ")
            switch retryAfter {
            case .seconds(let seconds): buffer.writeInteger(asDigits: seconds)
            case .date(let duration): buffer.writeString(HTTPDate.text(now + duration))
            case .text(let text): buffer.writeString(text)
            }
        }
        if let allow = answer.allow {
            buffer.writeStaticString("\r\nAllow: ")
            buffer.writeStaticString(allow)
        }
        buffer.writeStaticString(closes ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n")
        guard hasBody, !isHead else { return }
        switch answer.body {
        case .none: break
        case .bytes(let bytes): buffer.writeBytes(bytes)
        case .slice(let slice): buffer.writeImmutableBuffer(slice)
        }
    }

    private mutating func date(_ now: Timestamp) -> String {
        if now.seconds != dateSecond {
            dateSecond = now.seconds
            dateText = HTTPDate.text(now)
        }
        return dateText
    }

    private static func reason(_ status: Int) -> StaticString {
        switch status {
        case 200: "OK"
        case 202: "Accepted"
        case 204: "No Content"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 901: "Function Failed"
        default: "Status"
        }
    }
}

extension ByteBuffer {
    /// Writes a number that is not negative in decimal digits.
    fileprivate mutating func writeInteger(asDigits value: Int) {
        var divisor = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            writeInteger(UInt8(48 + value / divisor % 10))
            divisor /= 10
        }
    }
}
