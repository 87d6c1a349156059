import JobModel
import Testing

@Suite struct DisplayWidthTests {
    @Test(
        "Cells are counted as terminals draw them",
        arguments: [
            ("", 0), ("abc", 3), ("Zoë", 3), ("Zoe\u{308}", 3), ("李小龍", 6), ("Ａ", 2), ("한국", 4), ("😀!", 3),
            ("❤\u{FE0F}", 2),
        ])
    func cells(text: String, expected: Int) {
        #expect(DisplayWidth.cells(of: text) == expected)
    }

    @Test("Text is broken at blanks, by cells, and words stay whole")
    func wrapping() {
        #expect(WrappedText.lines("one two three", first: "- ", rest: "  ", width: 9) == ["- one two", "  three"])
        #expect(WrappedText.lines("李小 龍 a", width: 7) == ["李小 龍", "a"])
        #expect(WrappedText.lines("/a/path/that/is/long x", width: 5) == ["/a/path/that/is/long", "x"])
        #expect(WrappedText.lines("all of it", width: .max) == ["all of it"])
    }
}
