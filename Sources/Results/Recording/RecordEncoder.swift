import JSONText
package import JobModel

/// Writes the records of one run as JSON lines, byte by byte into a buffer of the caller's.
///
/// Members stand in a fixed order; what there is nothing to say of is left out, never null. Every line ends with a
/// newline and holds no other.
package struct RecordEncoder: Sendable {
    /// The version of the record format: `schema` of `run` records.
    package static let schema = 1

    private let run: RunDescription
    private let policy: RecordPolicy
    /// `{"type":"invocation","runId":"…","job":"…","lambda":"…","index":`
    private let invocationPrefix: [UInt8]
    private var clock = TimestampWriter()

    package init(run: RunDescription, policy: RecordPolicy) {
        self.run = run
        self.policy = policy
        var prefix: [UInt8] = []
        JSONWriter.append(raw: #"{"type":"invocation","runId":"#, to: &prefix)
        JSONWriter.append(string: run.runID, to: &prefix)
        JSONWriter.append(raw: #","job":"#, to: &prefix)
        JSONWriter.append(string: run.job, to: &prefix)
        JSONWriter.append(raw: #","lambda":"#, to: &prefix)
        JSONWriter.append(string: run.lambda, to: &prefix)
        JSONWriter.append(raw: #","index":"#, to: &prefix)
        invocationPrefix = prefix
    }

    /// Appends the `run` record, the first of a run. Input that is not a file is `{"inline":true}`.
    ///
    /// - Parameter version: fnrun's own.
    package func appendRun(version: String, to output: inout [UInt8]) {
        begin("run", &output)
        member(#","job":"#, run.job, &output)
        member(#","trigger":"#, run.trigger.rawValue, &output)
        let isWhole = run.nominalTime.microseconds % 1_000_000 == 0
        member(#","nominalTime":"#, run.nominalTime.rfc3339(fractionDigits: isWhole ? 0 : 3), &output)
        member(#","startedAt":"#, run.startedAt.rfc3339(), &output)
        if let file = run.inputFile {
            member(#","input":{"file":"#, file, &output)
            if let format = run.inputFormat { member(#","format":"#, format.rawValue, &output) }
            if run.readsRecords { JSONWriter.append(raw: #","records":true"#, to: &output) }
            output.append(UInt8(ascii: "}"))
        } else {
            JSONWriter.append(raw: #","input":{"inline":true}"#, to: &output)
        }
        member(#","jobHash":"#, run.jobHash, &output)
        if let shard = run.shard { member(#","shard":"#, shard.text, &output) }
        if run.isAppended { JSONWriter.append(raw: #","appended":true"#, to: &output) }
        if let only = run.only { member(#","only":"#, only, &output) }
        if run.acceptsChanges { JSONWriter.append(raw: #","acceptedChanges":true"#, to: &output) }
        if !run.tzdata.isEmpty { member(#","tzdata":"#, run.tzdata, &output) }
        member(#","fnrun":"#, version, &output)
        number(#","schema":"#, Self.schema, &output)
        end(&output)
    }

    /// Appends a `window` record: rows below `upTo` may be sent from now on.
    package func appendWindow(upTo: Int, inputBytes: Int64, inputSHA256: String, to output: inout [UInt8]) {
        begin("window", &output)
        number(#","upTo":"#, upTo, &output)
        number(#","inputBytes":"#, Int(inputBytes), &output)
        member(#","inputSha256":"#, inputSHA256, &output)
        end(&output)
    }

    /// Appends a `carried` record: what an earlier run recorded of a row that is now number `index`. All of them stand
    /// between the `run` record and the first window of a run that accepts changes.
    ///
    /// - Parameters:
    ///   - key: nil is the index.
    ///   - outcome: a row in doubt is carried as `unknown`.
    ///   - errorClass: why it did not succeed, if that is known.
    package func appendCarried(
        index: Int, key: String?, outcome: Outcome, errorClass: ErrorClass? = nil, to output: inout [UInt8]
    ) {
        begin("carried", &output)
        number(#","index":"#, index, &output)
        append(key: key, index: index, &output)
        member(#","outcome":"#, outcome.rawValue, &output)
        if let errorClass {
            member(#","error":{"class":"#, errorClass.rawValue, &output)
            output.append(UInt8(ascii: "}"))
        }
        end(&output)
    }

    /// Appends the last `carried` record: all rows have been carried over, and the changed input is this one.
    package func appendCarriedEnd(inputBytes: Int64, inputSHA256: String, to output: inout [UInt8]) {
        begin("carried", &output)
        number(#","inputBytes":"#, Int(inputBytes), &output)
        member(#","inputSha256":"#, inputSHA256, &output)
        end(&output)
    }

    /// Appends an `invocation` record: the end of one row.
    package mutating func append(_ result: borrowing InvocationResult, to output: inout [UInt8]) {
        output.append(contentsOf: invocationPrefix)
        let index = result.row.index
        JSONWriter.append(index, to: &output)
        append(key: result.row.key, index: index, &output)
        switch result.outcome {
        case .succeeded: JSONWriter.append(raw: #","outcome":"succeeded""#, to: &output)
        case .failed: JSONWriter.append(raw: #","outcome":"failed""#, to: &output)
        case .unknown: JSONWriter.append(raw: #","outcome":"unknown""#, to: &output)
        case .cancelled: JSONWriter.append(raw: #","outcome":"cancelled""#, to: &output)
        }
        if let status = result.status { number(#","status":"#, status, &output) }
        number(#","attempts":"#, result.attempts, &output)
        JSONWriter.append(raw: #","startedAt":""#, to: &output)
        clock.append(result.startedAt, to: &output)
        JSONWriter.append(raw: #"","durationMs":"#, to: &output)
        Self.append(milliseconds: result.duration.wholeMicroseconds, to: &output)
        if let latency = result.latency {
            JSONWriter.append(raw: #","latencyMs":"#, to: &output)
            Self.append(milliseconds: latency.wholeMicroseconds, to: &output)
        }
        if case .request(let request) = result.row.content {
            member(#","requestId":"#, request.requestID, &output)
            if policy.request { append(request, &output) }
        }
        if policy.response, let answer = result.answer { append(answer, &output) }
        if let error = result.error { append(error, &output) }
        end(&output)
    }

    /// Appends the `summary` record, the last of a run.
    ///
    /// - Parameter isComplete: the input was read to its end and none of its rows was given up.
    package func appendSummary(
        _ end: RunEnd, isComplete: Bool, latencies: LatencyHistogram, to output: inout [UInt8]
    ) {
        begin("summary", &output)
        member(#","job":"#, run.job, &output)
        member(#","finishedAt":"#, end.finishedAt.rfc3339(), &output)
        JSONWriter.append(raw: #","complete":"#, to: &output)
        JSONWriter.append(isComplete, to: &output)
        number(#","rows":"#, end.counts.rows, &output)
        number(#","succeeded":"#, end.counts.succeeded, &output)
        number(#","failed":"#, end.counts.failed, &output)
        number(#","unknown":"#, end.counts.unknown, &output)
        number(#","cancelled":"#, end.counts.cancelled, &output)
        number(#","attempts":"#, end.counts.attempts, &output)
        JSONWriter.append(raw: #","durationMs":"#, to: &output)
        Self.append(milliseconds: end.duration.wholeMicroseconds, to: &output)
        if !latencies.isEmpty {
            JSONWriter.append(raw: #","latencyMs":{"p50":"#, to: &output)
            Self.append(milliseconds: latencies.percentile(50), to: &output)
            JSONWriter.append(raw: #","p90":"#, to: &output)
            Self.append(milliseconds: latencies.percentile(90), to: &output)
            JSONWriter.append(raw: #","p99":"#, to: &output)
            Self.append(milliseconds: latencies.percentile(99), to: &output)
            JSONWriter.append(raw: #","max":"#, to: &output)
            Self.append(milliseconds: latencies.maximum, to: &output)
            output.append(UInt8(ascii: "}"))
        }
        self.end(&output)
    }

    /// Appends microseconds as milliseconds with at most three decimals, such as `1423.1`; a negative number as 0.
    static func append(milliseconds microseconds: Int64, to output: inout [UInt8]) {
        let value = Int(max(0, microseconds))
        JSONWriter.append(value / 1000, to: &output)
        let fraction = value % 1000
        guard fraction > 0 else { return }
        output.append(UInt8(ascii: "."))
        output.append(UInt8(48 + fraction / 100))
        guard fraction % 100 > 0 else { return }
        output.append(UInt8(48 + fraction / 10 % 10))
        guard fraction % 10 > 0 else { return }
        output.append(UInt8(48 + fraction % 10))
    }

    // MARK: - Members

    private func begin(_ type: String, _ output: inout [UInt8]) {
        JSONWriter.append(raw: #"{"type":"#, to: &output)
        JSONWriter.append(string: type, to: &output)
        member(#","runId":"#, run.runID, &output)
    }

    private func end(_ output: inout [UInt8]) {
        output.append(UInt8(ascii: "}"))
        output.append(UInt8(ascii: "\n"))
    }

    @inline(__always)
    private func member(_ name: StaticString, _ value: String, _ output: inout [UInt8]) {
        JSONWriter.append(raw: name, to: &output)
        JSONWriter.append(string: value, to: &output)
    }

    @inline(__always)
    private func number(_ name: StaticString, _ value: Int, _ output: inout [UInt8]) {
        JSONWriter.append(raw: name, to: &output)
        JSONWriter.append(value, to: &output)
    }

    @inline(__always)
    private func append(key: String?, index: Int, _ output: inout [UInt8]) {
        if let key { return member(#","key":"#, key, &output) }
        JSONWriter.append(raw: #","key":""#, to: &output)
        JSONWriter.append(index, to: &output)
        output.append(UInt8(ascii: "\""))
    }

    private func append(_ error: InvocationError, _ output: inout [UInt8]) {
        member(#","error":{"class":"#, error.errorClass.rawValue, &output)
        if let code = error.code { member(#","code":"#, code, &output) }
        member(#","message":"#, error.message, &output)
        output.append(UInt8(ascii: "}"))
    }

    // MARK: - Bodies

    /// A reader of the record stands one level above the value.
    private static let depthLimit = JSONParser.depthLimit - 1

    private func append(_ request: RenderedRequest, _ output: inout [UInt8]) {
        JSONWriter.append(raw: #","request":"#, to: &output)
        request.body.withUnsafeBufferPointer { body in
            let payload = UnsafeBufferPointer(rebasing: body[request.payload.clamped(to: body.indices)])
            Self.append(value: payload, to: &output)
        }
    }

    private func append(_ answer: Answer, _ output: inout [UInt8]) {
        JSONWriter.append(raw: #","response":"#, to: &output)
        answer.body.withUnsafeBufferPointer { body in
            guard body.count > policy.maxResponse else { return Self.append(value: body, to: &output) }
            let length = Self.wholeScalars(of: body, within: max(0, policy.maxResponse))
            Self.append(text: UnsafeBufferPointer(rebasing: body[..<length]), to: &output)
            JSONWriter.append(raw: #","responseTruncated":true"#, to: &output)
        }
    }

    /// Bytes as the JSON they are, white space folded, or else as a string.
    private static func append(value: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        if !JSONMinifier.append(value, to: &output, depthLimit: depthLimit) { append(text: value, to: &output) }
    }

    /// Bytes as a JSON string; what is no UTF-8 is replaced by U+FFFD.
    private static func append(text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        JSONWriter.append(string: String(decoding: text, as: UTF8.self), to: &output)
    }

    /// The longest prefix of at most `limit` bytes that does not end inside a UTF-8 sequence (RFC 3629).
    private static func wholeScalars(of bytes: UnsafeBufferPointer<UInt8>, within limit: Int) -> Int {
        var end = limit
        while end > 0, limit - end < 3, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        // More than three continuation bytes in a row are no UTF-8 at all: there is no boundary to look for.
        return bytes[end] & 0xC0 == 0x80 ? limit : end
    }
}
