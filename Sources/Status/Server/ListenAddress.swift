/// Where the status server listens: `HOST:PORT`, `[IPv6]:PORT`, or a port alone, which is one of 127.0.0.1.
///
/// There is no way to mean all addresses but to write `0.0.0.0` or `[::]`: what the pages say is for whoever may know
/// the jobs, and they ask nobody who he is.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// A name, or an address without brackets.
    package var host: String
    /// 0 lets the system choose.
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// - Throws: what is wrong with the text, and what to write.
    package init(_ text: String) throws(StatusError) {
        let (host, port) = try Self.split(text)
        guard let number = Self.number(port), (0...65_535).contains(number) else {
            throw Self.error(text, "the port is a number up to 65535")
        }
        guard !host.isEmpty else {
            throw Self.error(
                text, "the host is missing; 127.0.0.1:\(number) is for this machine alone, 0.0.0.0:\(number) for all")
        }
        self.init(host: host, port: number)
    }

    /// Only this machine can reach it.
    package var isLoopback: Bool {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        if labels.count == 4, labels[0] == "127" { return labels.allSatisfy { UInt8($0) != nil } }
        return host == "::1" || host == "localhost"
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    private static func split(_ text: String) throws(StatusError) -> (host: String, port: Substring) {
        if number(text[...]) != nil { return ("127.0.0.1", text[...]) }
        guard let colon = text.lastIndex(of: ":") else { throw error(text, "write HOST:PORT") }
        let (host, port) = (text[..<colon], text[text.index(after: colon)...])
        if host.first == "[" {
            guard host.last == "]" else { throw error(text, "the bracket is not closed before the port") }
            return (String(host.dropFirst().dropLast()), port)
        }
        guard !host.contains(":") else { throw error(text, "an IPv6 address stands in brackets, such as [::1]:9464") }
        return (String(host), port)
    }

    /// Digits alone: no sign, no space.
    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
    }

    private static func error(_ text: String, _ reason: String) -> StatusError {
        StatusError(.address, message: "'\(text)' is no address to listen on: \(reason)")
    }
}
