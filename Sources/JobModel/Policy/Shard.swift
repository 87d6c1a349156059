/// One of several parts into which the rows of an input are dealt out, such as `2/4`.
package struct Shard: Sendable, Hashable {
    /// From 1.
    package let number: Int
    package let total: Int

    /// - Returns: nil unless 1 ≤ number ≤ total.
    package init?(number: Int, total: Int) {
        guard number >= 1, number <= total else { return nil }
        self.number = number
        self.total = total
    }

    /// Reads `I/N`, I from 1.
    package init?(text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let number = Int(parts[0]), let total = Int(parts[1])
        else { return nil }
        self.init(number: number, total: total)
    }

    /// `I/N`.
    package var text: String { "\(number)/\(total)" }

    /// Whether a row, by its number from 0, belongs to this shard: its remainder modulo the total decides.
    package func contains(_ index: Int) -> Bool { index % total == number - 1 }
}
