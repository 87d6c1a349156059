import CCurl
import Glibc
import JobModel
import Testing

@testable import HTTPEngine

@Suite struct TransferFailureTests {
    private static func failure(_ code: CURLcode, left: Bool) -> TransferFailure {
        TransferFailure(
            code: code, mayHaveLeft: left, origin: Origin(host: "h", port: 1), timeout: .seconds(2),
            connectTimeout: .seconds(1))
    }

    @Test(arguments: [
        (CURLE_COULDNT_RESOLVE_HOST, TransportFailure.Kind.dns), (CURLE_COULDNT_RESOLVE_PROXY, .proxy),
        (CURLE_PROXY, .proxy), (CURLE_COULDNT_CONNECT, .connect), (CURLE_OPERATION_TIMEDOUT, .timeout),
        (CURLE_SSL_CONNECT_ERROR, .tls), (CURLE_PEER_FAILED_VERIFICATION, .tls), (CURLE_SSL_CACERT_BADFILE, .tls),
        (CURLE_URL_MALFORMAT, .protocolViolation), (CURLE_UNSUPPORTED_PROTOCOL, .protocolViolation),
        (CURLE_RECV_ERROR, .connect), (CURLE_OUT_OF_MEMORY, .aborted),
    ])
    func beforeARequestLeaves(code: CURLcode, kind: TransportFailure.Kind) {
        let classified = Self.failure(code, left: false).classified
        #expect(classified.kind == kind)
        #expect(classified.message.contains("h") && !classified.message.contains("\n"))
    }

    @Test(arguments: [
        (CURLE_OPERATION_TIMEDOUT, TransportFailure.Kind.timeout), (CURLE_GOT_NOTHING, .reset),
        (CURLE_PARTIAL_FILE, .reset), (CURLE_SEND_ERROR, .reset), (CURLE_RECV_ERROR, .reset),
        (CURLE_COULDNT_CONNECT, .reset), (CURLE_HTTP2_STREAM, .reset), (CURLE_HTTP2, .protocolViolation),
        (CURLE_WEIRD_SERVER_REPLY, .protocolViolation), (CURLE_UNSUPPORTED_PROTOCOL, .protocolViolation),
        (CURLE_BAD_CONTENT_ENCODING, .protocolViolation), (CURLE_SSL_CONNECT_ERROR, .tls),
        (CURLE_OUT_OF_MEMORY, .protocolViolation), (CURLE_WRITE_ERROR, .protocolViolation),
        (CURLE_COULDNT_RESOLVE_HOST, .reset), (CURLE_COULDNT_RESOLVE_PROXY, .reset), (CURLE_PROXY, .reset),
    ])
    func afterARequestMayHaveLeft(code: CURLcode, kind: TransportFailure.Kind) {
        let classified = Self.failure(code, left: true).classified
        #expect(classified.kind == kind)
        #expect(classified.message.contains("h:1") && !classified.message.contains("\n"))
    }

    @Test func theSystemsReasonDecidesBetweenConnectAndTimeout() {
        var failure = Self.failure(CURLE_COULDNT_CONNECT, left: false)
        failure.systemError = EHOSTUNREACH
        #expect(failure.classified == TransportFailure(.connect, message: "connect to h:1 failed: No route to host"))
        failure.systemError = ETIMEDOUT
        #expect(failure.classified.kind == .timeout)
    }

    @Test func aRepetitionThatWasPreventedIsAReset() {
        var failure = Self.failure(CURLE_ABORTED_BY_CALLBACK, left: true)
        #expect(failure.classified.kind == .protocolViolation)
        failure.wasToBeRepeated = true
        #expect(failure.classified.kind == .reset)
    }

    @Test func libcurlsWordsStayOnOneLine() {
        var failure = Self.failure(CURLE_RECV_ERROR, left: true)
        failure.detail = "two\r\nlines\t"
        #expect(failure.classified.message == "the connection to h:1 broke: two  lines ")
    }

    @Test(arguments: [
        (Duration.zero, 1), (.nanoseconds(1), 1), (.milliseconds(1), 1), (.nanoseconds(1_000_001), 2),
        (.seconds(35), 35000), (.seconds(-1), 1), (.seconds(Int64.max), Int(Int32.max)),
    ])
    func timeoutsAreRoundedUpAndNeverNone(duration: Duration, milliseconds: Int) {
        #expect(duration.curlMilliseconds == milliseconds)
    }
}
