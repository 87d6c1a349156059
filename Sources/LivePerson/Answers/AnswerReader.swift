import JSONText
package import JobModel

/// Turns the gateway's answers into ``Answer``s: what counts as success, and the class and words of what does not.
package enum AnswerReader {
    /// Longer bodies of errors are quoted, not parsed.
    private static let maximumParsed = 256 * 1024
    /// Of an error's message, in Unicode scalars.
    private static let maximumMessage = 1000

    /// - Parameters:
    ///   - headers: names in lower case; `retry-after` and `date` are looked at.
    ///   - isEvent: invoked by event, where an empty array means that nothing implements it.
    ///   - wallNow: see ``RetryAfter``; called only for dates.
    ///   - keepsHeaders: whether the answer carries the headers.
    package static func read(
        status: Int, headers: [(name: String, value: String)], body: [UInt8], isEvent: Bool, keepsHeaders: Bool,
        wallNow: @autoclosure () -> Timestamp
    ) -> Answer {
        let kept = keepsHeaders ? headers : []
        if status == 200 || status == 202 {
            guard isEvent, isEmptyArray(body) else { return Answer(status: status, body: body, headers: kept) }
            let error = InvocationError(.notFound, message: "no function implements this event")
            return Answer(status: status, body: body, error: error, headers: kept)
        }
        return Answer(
            status: status, body: body, error: error(status: status, body: body),
            retryAfter: RetryAfter.read(headers: headers, wallNow: wallNow()), headers: kept)
    }

    /// The class of an answer that is no success.
    package static func errorClass(status: Int) -> ErrorClass {
        switch status {
        case 901: .function
        case 401: .unauthorized
        case 403: .forbidden
        case 404: .notFound
        case 408: .platform
        case 429: .rateLimited
        case 300..<500: .badRequest
        default: .platform
        }
    }

    /// Whether an answer proves that the gateway took the token: the function ran, or was looked for.
    ///
    /// 400, 429 and 5xx may come from something in front that looked at no token.
    package static func acceptsToken(status: Int) -> Bool {
        switch status {
        case 200, 202, 403, 404, 901: true
        default: false
        }
    }

    private static func error(status: Int, body: [UInt8]) -> InvocationError {
        let (code, text) = parts(of: body)
        let message: String =
            if let text {
                text
            } else if (300..<400).contains(status) {
                "the gateway answered with a redirect (status \(status)), which is not followed"
            } else if let code {
                code
            } else if body.contains(where: { !isBlank($0) }) {
                "status \(status): \(TextExcerpt.line(body))"
            } else {
                "status \(status) without a body"
            }
        return InvocationError(errorClass(status: status), code: code, message: message)
    }

    /// Code and message of an error body: `{"errorCode","errorMsg"}` on V1, `{"code","message"}` on V2.
    private static func parts(of body: [UInt8]) -> (code: String?, message: String?) {
        guard body.count <= maximumParsed, body.first(where: { !isBlank($0) }) == UInt8(ascii: "{"),
            let value = try? JSONParser.parse(body)
        else { return (nil, nil) }
        let code = text(value["errorCode"]) ?? text(value["code"])
        let message = text(value["errorMsg"]) ?? text(value["message"])
        return (
            code.map { TextExcerpt.line($0, limit: 200) }, message.map { TextExcerpt.line($0, limit: maximumMessage) }
        )
    }

    private static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text): text.isEmpty ? nil : text
        case .number(let number): number.text
        case .object, .array: value?.description
        case .bool, .null, nil: nil
        }
    }

    /// A peek at the first few bytes; other arrays are left unread.
    private static func isEmptyArray(_ body: [UInt8]) -> Bool {
        var brackets = 0
        for byte in body where !isBlank(byte) {
            switch (brackets, byte) {
            case (0, UInt8(ascii: "[")), (1, UInt8(ascii: "]")): brackets += 1
            default: return false
            }
        }
        return brackets == 2
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
