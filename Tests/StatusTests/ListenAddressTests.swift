import Status
import Testing

@Suite struct ListenAddressTests {
    @Test(arguments: [
        ("127.0.0.1:9464", "127.0.0.1", 9464, true), ("9464", "127.0.0.1", 9464, true),
        ("[::1]:0", "::1", 0, true), ("localhost:80", "localhost", 80, true), ("127.1.2.3:80", "127.1.2.3", 80, true),
        ("0.0.0.0:9464", "0.0.0.0", 9464, false), ("[::]:9464", "::", 9464, false),
        ("metrics.internal:65535", "metrics.internal", 65_535, false),
        ("127.0.0.example:1", "127.0.0.example", 1, false),
    ])
    func reads(text: String, host: String, port: Int, isLoopback: Bool) throws {
        let address = try ListenAddress(text)
        #expect(address == ListenAddress(host: host, port: port))
        #expect(address.isLoopback == isLoopback)
        #expect(text.hasSuffix(address.description) || address.description.hasSuffix(text))
    }

    @Test(arguments: [
        ("", "write HOST:PORT"), (":9464", "the host is missing"), ("[]:1", "the host is missing"),
        ("localhost", "write HOST:PORT"), ("::1:9464", "brackets"), ("[::1:9464", "not closed"),
        ("[::1]", "not closed"), ("host:", "up to 65535"), ("host:65536", "up to 65535"), ("65536", "up to 65535"),
        ("host:-1", "up to 65535"), ("host:+1", "up to 65535"), ("host: 1", "up to 65535"),
        ("host:99999999999999999999", "up to 65535"), ("http://host:80", "brackets"),
    ])
    func refuses(text: String, reason: String) {
        let error = #expect(throws: StatusError.self) { try ListenAddress(text) }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        #expect(error?.code == .address)
    }
}
