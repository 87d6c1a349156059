import Testing
import YAMLText

@Suite struct ByteCountTests {
    @Test(
        arguments: [
            ("64KiB", 65_536), ("1MB", 1_000_000), ("1MiB", 1_048_576), ("5 kB", 5000), ("0", 0), ("12B", 12),
            ("2GiB", 2 << 30),
            ("", nil), ("KiB", nil), ("1.5MB", nil), ("-1", nil), ("1mb", nil), ("99999999999GiB", nil), ("1 ", nil),
        ] as [(String, Int?)])
    func reads(text: String, bytes: Int?) {
        #expect(ByteCount.bytes(text) == bytes)
    }

    @Test(arguments: [(65_536, "64KiB"), (1000, "1000"), (0, "0"), (3 << 30, "3GiB"), (1025, "1025")])
    func writes(bytes: Int, text: String) {
        #expect(ByteCount.text(bytes) == text)
    }
}
