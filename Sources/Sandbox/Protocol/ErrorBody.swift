import JSONText

/// The bodies of refusals: V1 `{"errorCode","errorMsg"}`, V2 `{"code","message"}`.
enum ErrorBody {
    static func bytes(status: Int, code: String?, message: String?, isV2: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(160)
        JSONWriter.append(raw: isV2 ? "{\"code\":" : "{\"errorCode\":", to: &bytes)
        JSONWriter.append(string: code ?? self.code(for: status, isV2: isV2), to: &bytes)
        JSONWriter.append(raw: isV2 ? ",\"message\":" : ",\"errorMsg\":", to: &bytes)
        JSONWriter.append(string: message ?? self.message(for: status), to: &bytes)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// The body of a refused token request (RFC 6749, section 5.2).
    static func oauth(error: String, description: String) -> [UInt8] {
        var bytes: [UInt8] = []
        JSONWriter.append(raw: "{\"error\":", to: &bytes)
        JSONWriter.append(string: error, to: &bytes)
        JSONWriter.append(raw: ",\"error_description\":", to: &bytes)
        JSONWriter.append(string: description, to: &bytes)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// A code that the platform uses with a status.
    private static func code(for status: Int, isV2: Bool) -> String {
        switch (status, isV2) {
        case (400, false): "com.liveperson.faas.es.badinput"
        case (400, true): "com.liveperson.faas.evg.invalid"
        case (404, false): "com.liveperson.faas.es.missinglambda"
        case (404, true): "com.liveperson.faas.function.not-found"
        case (502...504, _): "com.liveperson.faas.es.unavailable"
        case (901, false): "com.liveperson.faas.handler.runtime-exception"
        case (901, true): "com.customer.faas.function.threw-error"
        case (_, false): "com.liveperson.faas.es.general"
        case (_, true): "com.liveperson.faas.evg.general"
        }
    }

    private static func message(for status: Int) -> String {
        switch status {
        case 400: "Malformed request"
        case 401: "The token is missing, expired or revoked"
        case 403: "Missing privilege"
        case 404: "There is no such function"
        case 405: "Wrong method"
        case 408: "The request was not received in full"
        case 413: "The request is too large"
        case 429: "Too many requests"
        case 502, 503, 504: "The platform is not available"
        case 901: "The function failed"
        default: "The platform failed"
        }
    }
}
