extension Rate {
    /// Reads a rate as job files and flags write it: a positive number, a slash and `s`, `m` or `h`, such as `50/s`.
    package init?(rateText text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ".") }),
            let count = Double(parts[0]), count > 0, count <= 10_000_000
        else { return nil }
        switch parts[1] {
        case "s": self.init(count: count, per: .seconds(1))
        case "m": self.init(count: count, per: .seconds(60))
        case "h": self.init(count: count, per: .seconds(3600))
        default: return nil
        }
    }
}
