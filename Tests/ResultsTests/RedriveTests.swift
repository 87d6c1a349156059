import JSONText
import JobModel
import TestSupport
import Testing

@testable import Digest
@testable import Results

@Suite struct RedriveTests {
    private static func payload(_ index: Int) -> String { #"{ "id": \#(index), "n": 1.10 }"# }

    /// A record as a person or another program may have left it: the request is not folded.
    private static func line(_ run: String, _ index: Int, _ outcome: Outcome, request: String?) -> String {
        let request = request.map { #","request":\#($0)"# } ?? ""
        return #"{"type":"invocation","runId":"\#(run)","job":"job","lambda":"l","index":\#(index),"key":"k\#(index)","#
            + #""outcome":"\#(outcome.rawValue)"\#(request)}"# + "\n"
    }

    private static func head(_ run: String, upTo: Int, _ more: String = "") -> String {
        #"{"type":"run","runId":"\#(run)","job":"job"\#(more)}"# + "\n"
            + #"{"type":"window","runId":"\#(run)","upTo":\#(upTo)}"# + "\n"
    }

    private func collect(_ path: String, _ rows: RedriveSet, atOnce: Int = 100) throws -> [RecordedRequest] {
        var requests = try RecordedRequests(path: path, rows: rows, rowsAtOnce: atOnce)
        var found: [RecordedRequest] = []
        while let request = try requests.next() { found.append(request) }
        return found
    }

    @Test(arguments: [1, 2, 3, 100]) func theLastRecordOfEachRowIsHandedOut(rowsAtOnce: Int) throws {
        var text = Self.head("r1", upTo: 8)
        for index in [5, 0, 3, 1, 2, 4] {
            text += Self.line("r1", index, index == 4 ? .succeeded : .failed, request: #"{"old":true}"#)
        }
        text += Self.line("r1", 6, .unknown, request: "6")
        text += Self.head("r2", upTo: 6)
        text += Self.line("r2", 0, .succeeded, request: "0")
        text += Self.line("r2", 1, .cancelled, request: Self.payload(1))
        text += Self.line("r2", 2, .failed, request: nil)
        text += Self.line("r2", 3, .failed, request: "[1,]")
        let whole = text
        text += #"{"type":"invocation","runId":"r2","job":"job","index":1,"outc"#
        let folder = try TemporaryFolder()
        let path = try folder.write("out.jsonl", text.utf8)
        let history = try ResultHistory.read(ResultReader(path: path), job: nil)
        #expect(history.job == "job")
        // 5 was announced again and has no word: in doubt, though it has a record; 7 never had one.
        #expect(history.state(of: 5) == .inDoubt && history.state(of: 7) == .inDoubt)
        let rows = RedriveSet(history, takesUnknown: false)
        #expect(rows.count == 3 && (0..<9).filter(rows.contains) == [1, 2, 3])
        let requests = try collect(path, rows, atOnce: rowsAtOnce)
        #expect(requests.map(\.index) == [1, 2, 3] && requests.map(\.key) == ["k1", "k2", "k3"])
        #expect(requests.map(\.previous) == [.cancelled, .failed, .failed])
        #expect(requests[0].content == .payload(Array(Self.payload(1).utf8)))
        for request in requests[1...] {
            guard case .missing(let reason) = request.content else {
                Issue.record("a payload out of nothing")
                continue
            }
            #expect(reason.contains("--input"))
        }
        let all = RedriveSet(history, takesUnknown: true)
        #expect(all.count == 5)
        let more = try collect(path, all, atOnce: rowsAtOnce)
        #expect(more.map(\.index) == [1, 2, 3, 5, 6] && more.map(\.previous)[3...] == [nil, .unknown])
        #expect(more[3].content == .payload(Array(#"{"old":true}"#.utf8)))
        let opened = try RecordedRequests(path: path, rows: rows)
        #expect(opened.length == Int64(whole.utf8.count) && opened.count == 3)
        #expect(opened.sha256 == SHA256.hexadecimal(of: Array(whole.utf8)))
    }

    @Test func whatIsAppendedMeanwhileIsNotRead() throws {
        let text = Self.head("r1", upTo: 3) + (0..<3).map { Self.line("r1", $0, .failed, request: "\($0)") }.joined()
        let folder = try TemporaryFolder()
        let path = try folder.write("out.jsonl", text.utf8)
        let rows = RedriveSet(try ResultHistory.read(ResultReader(path: path), job: "job"), takesUnknown: false)
        var requests = try RecordedRequests(path: path, rows: rows, rowsAtOnce: 1)
        #expect(try requests.next()?.content == .payload(Array("0".utf8)))
        let appended = Self.head("r1", upTo: 3, #","only":"failed""#) + Self.line("r1", 1, .succeeded, request: "9")
        try folder.write("out.jsonl", (text + appended).utf8)
        #expect(try requests.next()?.content == .payload(Array("1".utf8)))
        #expect(try requests.next()?.index == 2)
        #expect(try requests.next() == nil)
        #expect(try requests.next() == nil)
    }

    @Test func recordsOfOtherJobsAndGenerationsAreNoRequests() throws {
        var text = Self.head("r1", upTo: 2) + Self.line("r1", 0, .failed, request: "1")
        text += #"{"type":"run","runId":"r2","job":"job","acceptedChanges":true}"# + "\n"
        text += #"{"type":"carried","runId":"r2","index":0,"key":"a","outcome":"failed"}"# + "\n"
        text += #"{"type":"window","runId":"r2","upTo":0}"# + "\n" + Self.line("r2", 3, .failed, request: "3")
        text += #"{"type":"run","runId":"r3","job":"other"}"# + "\n"
        text += Self.line("r3", 3, .failed, request: "4").replacing(#""job":"job""#, with: #""job":"other""#)
        let folder = try TemporaryFolder()
        let path = try folder.write("out.jsonl", text.utf8)
        let rows = RedriveSet(try ResultHistory.read(ResultReader(path: path), job: "job"), takesUnknown: false)
        let requests = try collect(path, rows)
        #expect(requests.map(\.index) == [0, 3])
        guard case .missing = requests.first?.content else {
            Issue.record("a row was redriven with the request of another one")
            return
        }
        #expect(requests.last?.content == .payload(Array("3".utf8)))
    }

    @Test func aFileThatIsNotThereSaysSo() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("out.jsonl", [])
        let rows = RedriveSet(try ResultHistory.read(ResultReader(path: path), job: nil), takesUnknown: true)
        #expect(try collect(path, rows).isEmpty && rows.history.isEmpty)
        do {
            _ = try RecordedRequests(path: folder.path + "/none", rows: rows)
            Issue.record("opened nothing")
        } catch let error {
            #expect(error.code == .notFound)
        }
    }
}
