/// Numbers of bytes as job files and flags write them.
package enum ByteCount {
    private static let units: [(name: String, size: Int)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30),
        ("kB", 1000), ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1),
    ]

    /// Reads `64KiB`, `1MB`, `512B` or `65536`: whole numbers, decimal (kB, MB, GB) or binary (KiB, MiB, GiB) units.
    ///
    /// Nil for anything else, and for what 64 bits do not hold.
    package static func bytes(_ text: some StringProtocol) -> Int? {
        let digits = text.utf8.prefix { $0 >= 48 && $0 <= 57 }
        guard !digits.isEmpty, let count = Int(text[..<digits.endIndex]) else { return nil }
        var unit = text[digits.endIndex...]
        if unit.isEmpty { return count }
        if unit.hasPrefix(" ") { unit = unit.dropFirst() }
        guard let size = units.first(where: { $0.name == unit })?.size else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
        return overflow ? nil : bytes
    }

    /// The shortest exact form that ``bytes(_:)`` reads, with binary units.
    package static func text(_ bytes: Int) -> String {
        let fitting = units.prefix(3).last { bytes >= $0.size && bytes % $0.size == 0 }
        return fitting.map { "\(bytes / $0.size)\($0.name)" } ?? "\(bytes)"
    }
}
