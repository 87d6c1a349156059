import CCurl
import Glibc
import JobModel

/// One libcurl easy handle with what belongs to the request that it carries; used again from request to request.
///
/// libcurl holds unretained pointers to it, and to memory that it owns, for as long as the handle lives, which is as
/// long as this object: the reactor keeps it while the handle is in its multi handle.
final class Transfer {
    let handle: UnsafeMutableRawPointer
    /// Its place among the reactor's active transfers.
    var position = 0
    private(set) var id: UInt64 = 0
    private(set) var receiver: (any HTTPReceiver)?
    private(set) var wall = Timestamp(microseconds: 0)
    private(set) var monotonic = MonotonicInstant(nanoseconds: 0)
    /// The request may have left, or a part of it.
    private(set) var mayHaveLeft = false
    /// libcurl was about to send the request for a second time.
    private var wasToBeRepeated = false
    private var isTooLarge = false
    private var wantsHeaders = false
    private var response: [UInt8] = []
    private let maxResponseBytes: Int
    private var head: RequestHead
    private var lines: HeaderLines
    /// The request's body: libcurl reads it until the transfer ends.
    private var payload: UnsafeMutableRawBufferPointer
    private let detail: UnsafeMutablePointer<CChar>
    /// The handle's URL in parts: libcurl would parse and print a text again at each request.
    private let address: OpaquePointer
    private let writesHeads: Bool
    private var url = ""
    /// The URL up to the target, and where that begins; nil if the whole URL is libcurl's business.
    private var origin: (text: String, end: Int)?
    // What the handle is set to, so that only changes are set.
    private var parsed = ""
    /// For the URL that is parsed; nil if `Host` is libcurl's business.
    private var host: String?
    private var hasTarget = false
    private var method: HTTPRequest.Method?
    private var timeout: Duration?
    private var connectTimeout: Duration?

    /// Buffers above this size are given back after the transfer.
    private static let keptBytes = 256 << 10

    /// - Returns: nil if there is no memory for a handle.
    init?(settings: TransferSettings, reactor: CurlReactor) {
        guard let handle = curl_easy_init() else { return nil }
        guard let address = curl_url() else {
            curl_easy_cleanup(handle)
            return nil
        }
        self.handle = handle
        self.address = address
        writesHeads = settings.writesHeads
        head = RequestHead(userAgent: settings.userAgent)
        lines = HeaderLines(userAgent: settings.userAgent)
        maxResponseBytes = settings.maxResponseBytes
        payload = .allocate(byteCount: 1024, alignment: 1)
        detail = .allocate(capacity: Int(CURL_ERROR_SIZE))
        detail[0] = 0
        settings.apply(to: handle)
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_easy_set_pointer(handle, CURLOPT_PRIVATE, context)
        ccurl_easy_set_pointer(handle, CURLOPT_ERRORBUFFER, detail)
        ccurl_easy_on_write(
            handle, { bytes, size, count, context in Transfer.take(bytes, size * count, context) }, context)
        ccurl_easy_on_prerequest(handle, { context, _, _, _, _ in Transfer.leave(context) }, context)
        // Connections outlive transfers, but not the reactor.
        ccurl_easy_on_sockets(
            handle,
            { context, _, address in
                guard let reactor = CurlReactor.of(context), let address else { return CURL_SOCKET_BAD }
                return reactor.open(address)
            }, { context, socket in CurlReactor.of(context)?.close(socket) ?? -1 },
            Unmanaged.passUnretained(reactor).toOpaque())
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_url_cleanup(address)
        payload.deallocate()
        detail.deallocate()
    }

    /// The transfer that a handle belongs to.
    static func of(_ handle: UnsafeMutableRawPointer) -> Transfer? {
        ccurl_easy_get_pointer(handle, CURLINFO_PRIVATE).map {
            Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue()
        }
    }

    /// Makes the handle ready for a request.
    ///
    /// - Returns: why the request cannot be sent, or nil.
    func prepare(_ request: HTTPRequest, of batch: TransferBatch) -> TransportFailure? {
        id = request.id
        receiver = batch.receiver
        wall = batch.wall
        monotonic = batch.monotonic
        wantsHeaders = request.wantsHeaders
        mayHaveLeft = false
        wasToBeRepeated = false
        isTooLarge = false
        detail[0] = 0
        setURL(request.url)
        let length = request.method == .post ? request.body.count : nil
        if let failure = setHead(request.headers, length: length) { return failure }
        setMethod(request.method)
        if request.method == .post { setBody(request.body) }
        if request.timeout != timeout {
            timeout = request.timeout
            ccurl_easy_set_long(handle, CURLOPT_TIMEOUT_MS, request.timeout.curlMilliseconds)
        }
        if request.connectTimeout != connectTimeout {
            connectTimeout = request.connectTimeout
            ccurl_easy_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.curlMilliseconds)
        }
        return nil
    }

    /// What the transfer has come to, once libcurl is done with it.
    func result(of code: CURLcode) -> HTTPEnd.Result {
        if code == CURLE_OK {
            return .response(status: status, headers: responseHeaders(), body: response)
        }
        if isTooLarge || (code == CURLE_FILESIZE_EXCEEDED && mayHaveLeft) { return .tooLarge(status: status) }
        let failure = TransferFailure(
            code: code, mayHaveLeft: mayHaveLeft, wasToBeRepeated: wasToBeRepeated,
            systemError: Int32(clamping: ccurl_easy_get_long(handle, CURLINFO_OS_ERRNO)),
            proxyStatus: ccurl_easy_get_long(handle, CURLINFO_HTTP_CONNECTCODE), detail: String(cString: detail),
            origin: Origin(url: url), timeout: timeout ?? .zero, connectTimeout: connectTimeout ?? .zero)
        return mayHaveLeft ? .unknown(failure.classified) : .notSent(failure.classified)
    }

    /// What a transfer has come to that was called off.
    func resultOfAbort() -> HTTPEnd.Result {
        guard mayHaveLeft else { return .cancelled }
        let origin = Origin(url: url)
        return .unknown(TransportFailure(.aborted, message: "called off while waiting for an answer of \(origin)"))
    }

    /// Lets go of what belonged to the request.
    func clear() {
        receiver = nil
        response = []
        if payload.count > Self.keptBytes {
            // libcurl must not be left with a pointer to memory that is gone.
            ccurl_easy_set_pointer(handle, CURLOPT_POSTFIELDS, nil)
            payload.deallocate()
            payload = .allocate(byteCount: 1024, alignment: 1)
        }
    }

    private var status: Int { ccurl_easy_get_long(handle, CURLINFO_RESPONSE_CODE) }

    private func setURL(_ newURL: String) {
        guard newURL != url else { return }
        url = newURL
        origin = nil
        if writesHeads, let end = RequestHead.targetStart(in: newURL) {
            origin = (String(Substring(newURL.utf8.prefix(end))), end)
        }
    }

    /// Sets everything that stands before the body.
    private func setHead(_ headers: [(name: String, value: String)], length: Int?) -> TransportFailure? {
        if let origin {
            if let failure = parse(origin.text) { return failure }
            if let host {
                switch head.set(target: origin.end, of: url, host: host, headers, length: length) {
                case .written:
                    ccurl_easy_set_pointer(handle, CURLOPT_REQUEST_TARGET, head.target)
                    if !hasTarget { ccurl_easy_set_pointer(handle, CURLOPT_HTTPHEADER, head.lines) }
                    hasTarget = true
                    return nil
                case .unfit: break
                case .refused(let name): return Self.refusal(of: name)
                }
            }
        }
        if let name = lines.set(headers) { return Self.refusal(of: name) }
        ccurl_easy_set_pointer(handle, CURLOPT_HTTPHEADER, lines.head)
        if hasTarget { ccurl_easy_set_pointer(handle, CURLOPT_REQUEST_TARGET, nil) }
        hasTarget = false
        return parse(url)
    }

    private func parse(_ text: String) -> TransportFailure? {
        guard text != parsed else { return nil }
        parsed = ""
        // libcurl would guess a scheme that is missing; a NUL would end the URL early in C.
        guard text.utf8.starts(with: "http://".utf8) || text.utf8.starts(with: "https://".utf8),
            !text.utf8.contains(0),
            curl_url_set(address, CURLUPART_URL, text, UInt32(CURLU_PATH_AS_IS)) == CURLUE_OK,
            ccurl_easy_set_pointer(handle, CURLOPT_CURLU, UnsafeRawPointer(address)) == CURLE_OK
        else {
            return TransportFailure(.protocolViolation, message: "the URL of \(Origin(url: url)) cannot be used")
        }
        parsed = text
        host = RequestHead.host(of: address)
        return nil
    }

    private static func refusal(of name: String) -> TransportFailure {
        let shown = String(name.unicodeScalars.filter { $0.value >= 0x20 }.map(Character.init))
        return TransportFailure(.protocolViolation, message: "the header \"\(shown)\" cannot be sent")
    }

    private func setMethod(_ newMethod: HTTPRequest.Method) {
        guard newMethod != method else { return }
        method = newMethod
        switch newMethod {
        case .get: ccurl_easy_set_long(handle, CURLOPT_HTTPGET, 1)
        case .post: ccurl_easy_set_long(handle, CURLOPT_POST, 1)
        }
    }

    private func setBody(_ body: [UInt8]) {
        if payload.count < body.count {
            payload.deallocate()
            payload = .allocate(byteCount: body.count, alignment: 1)
        }
        payload.copyBytes(from: body)
        ccurl_easy_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        ccurl_easy_set_pointer(handle, CURLOPT_POSTFIELDS, payload.baseAddress)
    }

    private func responseHeaders() -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        if wantsHeaders {
            var previous: UnsafeMutablePointer<curl_header>?
            while let header = curl_easy_nextheader(handle, UInt32(CURLH_HEADER), -1, previous) {
                headers.append((String(cString: header.pointee.name).lowercased(), Self.value(of: header)))
                previous = header
            }
        } else {
            // The date tells what a `retry-after` counts from; nobody asks for it alone.
            for name in ["retry-after", "date"] {
                var header: UnsafeMutablePointer<curl_header>?
                guard curl_easy_header(handle, name, 0, UInt32(CURLH_HEADER), -1, &header) == CURLHE_OK, let header
                else { break }
                headers.append((name, Self.value(of: header)))
            }
        }
        return headers
    }

    /// libcurl 7.88 leaves the line's end to an empty value.
    private static func value(of header: UnsafeMutablePointer<curl_header>) -> String {
        guard let value = header.pointee.value, value.pointee != 0x0D, value.pointee != 0x0A else { return "" }
        return String(cString: value)
    }

    /// libcurl has a piece of the body (`CURLOPT_WRITEFUNCTION`). Less than it has ends the transfer.
    private static func take(
        _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?
    ) -> Int {
        guard let context, let bytes else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        guard count <= transfer.maxResponseBytes - transfer.response.count else {
            transfer.isTooLarge = true
            return count == 0 ? 1 : 0
        }
        transfer.response.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
        return count
    }

    /// libcurl is about to send the request (`CURLOPT_PREREQFUNCTION`): connected, with TLS and proxy behind it.
    private static func leave(_ context: UnsafeMutableRawPointer?) -> Int32 {
        guard let context else { return CURL_PREREQFUNC_ABORT }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        if transfer.mayHaveLeft {
            transfer.wasToBeRepeated = true
            return CURL_PREREQFUNC_ABORT
        }
        transfer.mayHaveLeft = true
        return CURL_PREREQFUNC_OK
    }
}

extension Duration {
    /// For libcurl's timeouts, of which 0 means none: rounded up to whole milliseconds, at least 1, at most 24 days.
    var curlMilliseconds: Int {
        let nanoseconds = Swift.max(wholeNanoseconds, 1)
        return Int(Swift.min((nanoseconds - 1) / 1_000_000 + 1, Int64(Int32.max)))
    }
}
