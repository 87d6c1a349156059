import JobModel
import TestSupport
import Testing

@testable import Input

/// Where blocks and batches end must not matter.
@Suite struct BlockBoundaryTests {
    static let documents: [(InputFormat, String)] = [
        (.csv, "\u{FEFF}id,näme\r\n1,\"a \"\"b\"\"\r\n\"\r\n\r\n2,😀\r3,\"x\"y\n4\n\"5\",\"\"\n6,\"never closed\n7,8\n"),
        (.csv, "a;b\n\(String(repeating: "z", count: 70));\"\n\"\n\"\(String(repeating: "\"\"", count: 70))\";1\n1;2"),
        (.tsv, "a\tb\n1\t2\n\n\n3\t\"\t\"\n"),
        (.jsonl, "\u{FEFF}{\"a\":\"é\"}\r\n\n  \n[1,2]\nnul\n\"\(String(repeating: "z", count: 80))\"\n7\n \n\n"),
        (.json, " [ {\"a\":\"\\\"]\"} ,\n[1,[2]] , \"😀\",\n\"\(String(repeating: ",", count: 80))\", 7 ] \n"),
        (.json, "[1,{\"a\":nul},3]"),
        (.json, "{\"a\": [1, 2, \"]\"]}\n\n"),
        (.json, "[1, 2"),
    ]

    @Test(arguments: documents) func blocksDoNotMatter(_ format: InputFormat, _ text: String) throws {
        let bytes = Array(text.utf8)
        let delimiter: String? = text.hasPrefix("a;b") ? ";" : nil
        let options = InputOptions(delimiter: delimiter, maximumRowBytes: 64)
        for batch in [1, 2, 1000] {
            let whole = try InputTranscript(bytes, as: format, options: options, batch: batch)
            #expect(whole.hashesAreRight)
            #expect(!whole.rows.isEmpty)
            for block in [1, 2, 3, 5, 16, 64] {
                for chunk in 1...min(bytes.count, 40) where chunk <= block {
                    let pieces = try InputTranscript(
                        bytes, as: format, options: options, block: block, chunk: chunk, batch: batch)
                    #expect(pieces == whole, "block \(block), chunk \(chunk), batch \(batch)")
                }
            }
        }
    }

    @Test(arguments: documents) func batchesEndWithTheirLastRow(_ format: InputFormat, _ text: String) throws {
        guard format != .json else {
            // Behind a separator; the ends are known from the texts themselves.
            #expect(try InputTranscript(Array("[1, 2 ,3 ] ".utf8), as: .json, batch: 1).ends == [3, 7, 10, 11])
            return
        }
        let bytes = Array(text.utf8)
        let delimiter: String? = text.hasPrefix("a;b") ? ";" : nil
        let options = InputOptions(delimiter: delimiter)
        let transcript = try InputTranscript(bytes, as: format, options: options, batch: 1)
        for (row, end) in transcript.ends.dropLast().enumerated() {
            // The bytes up to a batch's end hold just its rows, and end with a line end.
            let prefix = Array(bytes.prefix(Int(end)))
            let again = try InputTranscript(prefix, as: format, options: options)
            #expect(again.rows == Array(transcript.rows.prefix(row + 1)))
            let isTerminated = prefix.last == 0x0A || prefix.last == 0x0D
            #expect(isTerminated || end == bytes.count)
            #expect(!(prefix.last == 0x0D && bytes.dropFirst(Int(end)).first == 0x0A), "CR LF is not torn")
        }
    }

    @Test func endsOfBatches() throws {
        #expect(try InputTranscript(Array("a\n\n1\r\n2\n\n3".utf8), as: .csv, batch: 1).ends == [6, 8, 10, 10])
        #expect(try InputTranscript(Array("\n1\n\n2\n\n".utf8), as: .jsonl, batch: 1).ends == [3, 6, 7])
    }

    /// Rows of all kinds in random order, cut at random.
    @Test(arguments: 0..<20) func randomDocuments(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "\"", "\"\"", ",", "\n", "\r\n", "\r", "x", "ü", "{", "}", "[", "]", ":", "1", "\\", " ", "null", "\t",
        ]
        var text = ""
        for _ in 0..<Int.random(in: 1...400, using: &random) { text += pieces.randomElement(using: &random) ?? "" }
        for format in InputFormat.allCases {
            let options = InputOptions(hasHeader: seed % 2 == 0, maximumRowBytes: 50)
            let bytes = Array(text.utf8)
            let whole = try InputTranscript(bytes, as: format, options: options, batch: 3)
            #expect(whole.hashesAreRight)
            for _ in 0..<10 {
                let block = Int.random(in: 1...30, using: &random)
                let chunk = Int.random(in: 1...30, using: &random)
                let cut = try InputTranscript(
                    bytes, as: format, options: options, block: block, chunk: chunk, batch: 3)
                #expect(cut == whole)
            }
        }
    }

    @Test(arguments: 0..<20) func garbageNeverCrashes(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let count = Int.random(in: 0...3000, using: &random)
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        for format in InputFormat.allCases {
            let transcript = try InputTranscript(bytes, as: format, block: 16)
            #expect(transcript.hashesAreRight)
        }
    }
}
