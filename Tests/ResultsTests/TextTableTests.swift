import Results
import Testing

@Suite struct TextTableTests {
    private static let table = TextTable(
        columns: [
            .init(title: "JOB", isFlexible: true), .init(title: "TOOK", isNumeric: true, room: 6),
            .init(title: "RESULTS", isFlexible: true, keepsEnd: true, leastUseful: 12),
        ],
        rows: [["nightly-sync", "7 ms", "results/nightly-sync.jsonl"], ["李小龍", "1.42 s", ""]])

    @Test("Columns are aligned by cells, without blanks at the end of lines")
    func aligned() {
        #expect(
            Self.table.lines(width: .max) == [
                "JOB             TOOK  RESULTS", "nightly-sync    7 ms  results/nightly-sync.jsonl",
                "李小龍        1.42 s",
            ])
    }

    @Test("Where it is too wide, the end of a path stays, then the column goes, then names are cut")
    func narrow() {
        #expect(Self.table.lines(width: 36)[1] == "nightly-sync    7 ms  …ly-sync.jsonl")
        #expect(Self.table.lines(width: 30) == ["JOB             TOOK", "nightly-sync    7 ms", "李小龍        1.42 s"])
        #expect(Self.table.lines(width: 16)[1] == "nightly…    7 ms")
    }

    @Test("No line is wider than what was asked for, down to what numbers need", arguments: 16...60)
    func width(width: Int) {
        for line in Self.table.lines(width: width).dropLast() { #expect(line.count <= width, "\(line)") }
    }

    @Test("Colours take no room")
    func colors() {
        let lines = Self.table.lines(width: .max) { row, column in row == 0 && column == 1 ? .red : nil }
        #expect(lines[1] == "nightly-sync    \u{1B}[31m7 ms\u{1B}[0m  results/nightly-sync.jsonl")
        #expect(lines[2] == "李小龍        1.42 s")
    }

    @Test("Wide characters are cut by cells", arguments: [(6, "李小龍"), (5, "李小…"), (4, "李…"), (1, "…"), (0, "")])
    func cut(width: Int, expected: String) {
        #expect(TextFit.cut("李小龍", to: width) == expected)
    }
}
