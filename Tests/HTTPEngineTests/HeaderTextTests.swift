import Testing

@testable import HTTPEngine

@Suite struct HeaderTextTests {
    private typealias Header = (name: String, value: String)

    private static func text(of text: borrowing HeaderText) -> String? {
        text.base.map { String(cString: $0.assumingMemoryBound(to: CChar.self)) }
    }

    private static func lay(_ lead: String, _ headers: [Header]) -> String? {
        var text = HeaderText(separator: .lineBreak)
        let name = HeaderText.withBytes(of: lead) { text.lay(lead: $0, headers, fixed: ["A: b", "Z: z"]) }
        return name == nil ? Self.text(of: text) : nil
    }

    @Test func linesAreJoinedBehindTheTarget() {
        #expect(Self.lay("/x?y", [("N", "v"), ("Empty", "")]) == "/x?y HTTP/1.1\r\nN: v\r\nEmpty:\r\nA: b\r\nZ: z")
    }

    @Test func separateLinesAreStringsOfTheirOwn() throws {
        var text = HeaderText(separator: .null)
        let name = HeaderText.withBytes(of: "") { text.lay(lead: $0, [("N", "v"), ("Empty", "")], fixed: ["Z:"]) }
        #expect(name == nil)
        let start = text.base
        let base = try #require(start)
        #expect(
            text.lineStarts.map { String(cString: (base + $0).assumingMemoryBound(to: CChar.self)) }
                == ["N: v", "Empty;", "Z:"])
    }

    /// Whatever came before, the text is as if laid out anew.
    @Test func updatesLeaveNothingOfEarlierRequests() {
        let long = String(repeating: "x", count: 3000)
        let requests: [(lead: String, headers: [Header])] = [
            ("/a", [("N", "1"), ("M", "22")]), ("/a", [("N", "2"), ("M", "22")]), ("/b", [("N", "2"), ("M", "33")]),
            ("/bb", [("N", "2"), ("M", "33")]), ("/bb", [("N", "2"), ("m", "33")]), ("/bb", [("N", "é"), ("m", "33")]),
            // Canonically the same, other bytes of the same length or not.
            ("/bb", [("N", "e\u{301}"), ("m", "33")]), ("/bb", [("N", "\u{212B}"), ("m", "33")]),
            ("/bb", [("N", "A\u{30A}"), ("m", "33")]), ("/bb", [("N", ""), ("m", "33")]), ("/bb", [("N", "")]),
            ("/bb", []), ("/c", [("N", long)]), ("/c", [("N", "y" + long.dropFirst())]), ("/c", [("N", "1")]),
        ]
        var text = HeaderText(separator: .lineBreak)
        var updates = 0
        for (lead, headers) in requests {
            HeaderText.withBytes(of: lead) { bytes in
                switch text.update(lead: bytes, headers) {
                case .done: updates += 1
                case .refused(let name): Issue.record("\(name) refused")
                case .differs: #expect(text.lay(lead: bytes, headers, fixed: ["A: b", "Z: z"]) == nil)
                }
            }
            #expect(Self.text(of: text) == Self.lay(lead, headers))
        }
        #expect(updates >= 4)
    }

    @Test func theLengthIsWrittenAnewForEachRequest() {
        var text = HeaderText(separator: .lineBreak)
        var updates = 0
        for length in [0, 7, 9, 10, 99, 231, 198, 1000, nil, 5, nil] {
            HeaderText.withBytes(of: "/a") { lead in
                switch text.update(lead: lead, [("N", "v")], length: length) {
                case .done: updates += 1
                case .refused(let name): Issue.record("\(name) refused")
                case .differs:
                    #expect(text.lay(lead: lead, [("N", "v")], length: length, first: "H: h", fixed: ["Z: z"]) == nil)
                }
            }
            let line = length.map { "Content-Length: \($0)\r\n" } ?? ""
            #expect(Self.text(of: text) == "/a HTTP/1.1\r\nH: h\r\nN: v\r\n\(line)Z: z")
        }
        #expect(updates == 4)
        text.forget()
        HeaderText.withBytes(of: "/a") { lead in
            guard case .differs = text.update(lead: lead, [("N", "v")]) else {
                Issue.record("relied on")
                return
            }
        }
    }

    @Test(arguments: ["a\nb", "a\rb", "a\u{0}b", "aa\n"])
    func aLineThatWouldEndEarlyIsRefused(value: String) {
        var text = HeaderText(separator: .lineBreak)
        HeaderText.withBytes(of: "/") { lead in
            #expect(text.lay(lead: lead, [("Bad", value)], fixed: []) == "Bad")
            let plain = String(repeating: "x", count: value.utf8.count)
            #expect(text.lay(lead: lead, [("Good", "1"), ("Bad", plain)], fixed: []) == nil)
            guard case .refused("Bad") = text.update(lead: lead, [("Good", "2"), ("Bad", value)]) else {
                Issue.record("accepted")
                return
            }
            // What was written halfway is not relied on.
            guard case .differs = text.update(lead: lead, [("Good", "2"), ("Bad", plain)]) else {
                Issue.record("relied on")
                return
            }
        }
    }

    @Test(arguments: ["", "a b", "a:", "é", "a\n", "(x)"])
    func aNameThatIsNoTokenIsRefused(name: String) {
        #expect(Self.lay("/", [(name, "v")]) == nil)
    }
}
