import JobFile
import Testing

@Suite struct EndpointURLTests {
    @Test(arguments: [
        ("https://api.liveperson.net", "https://api.liveperson.net"), ("HTTPS://API.x.net/", "https://api.x.net"),
        ("https://h:8443", "https://h:8443"), ("http://127.0.0.1:8123", "http://127.0.0.1:8123"),
        ("http://127.9.9.9", "http://127.9.9.9"), ("http://localhost:1/", "http://localhost:1"),
        ("http://[::1]:80", "http://[::1]:80"), ("https://[2001:db8::1]", "https://[2001:db8::1]"),
    ])
    func accepts(text: String, normalized: String) throws {
        #expect(try EndpointURL.normalized(text, allowInsecure: false) == normalized)
    }

    @Test(arguments: [
        ("", "expected a URL that begins with https://"),
        ("va.example.net", "expected a URL that begins with https://"),
        ("ftp://h", "expected a URL that begins with https://"), ("https://", "the URL has no valid host"),
        ("https:///", "the URL has no valid host"), ("https://h h", "the URL has no valid host"),
        ("https://.h", "the URL has no valid host"), ("https://:80", "the URL has no valid host"),
        ("https://h/path", "a URL here has no path, query or fragment"),
        ("https://h?x=1", "a URL here has no path, query or fragment"),
        ("https://h#x", "a URL here has no path, query or fragment"),
        ("https://u:p@h", "a URL here has no user name or password"),
        ("https://h:0", "the port must be between 1 and 65535"),
        ("https://h:65536", "the port must be between 1 and 65535"),
        ("https://h:", "the port must be between 1 and 65535"),
        ("https://h:+1", "the port must be between 1 and 65535"),
        ("https://[::1", "the bracket of the IPv6 address is never closed"),
        ("https://[x]", "the host is no IPv6 address"), ("https://[::1]x", "the port must be between 1 and 65535"),
        ("http://example.net", "plain http is for loopback addresses only"),
        ("http://127.0.0.1.example.net", "plain http is for loopback addresses only"),
        ("http://127.0.0", "plain http is for loopback addresses only"),
        ("http://localhost.example.net", "plain http is for loopback addresses only"),
        ("http://127.0.0.256", "plain http is for loopback addresses only"),
    ])
    func refuses(text: String, message: String) {
        let problem = #expect(throws: EndpointURL.Problem.self) {
            try EndpointURL.normalized(text, allowInsecure: false)
        }
        #expect(problem?.message == message)
    }

    @Test func takesPlainHTTPIfAllowed() throws {
        #expect(try EndpointURL.normalized("http://example.net/", allowInsecure: true) == "http://example.net")
    }
}
