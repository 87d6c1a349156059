import Testing

@testable import HTTPEngine

@Suite struct OriginTests {
    @Test(arguments: [
        ("http://a.example/x", "a.example:80"), ("https://a.example", "a.example:443"),
        ("https://a.example?x=http://b", "a.example:443"), ("http://a.example:8080#f", "a.example:8080"),
        ("http://user:secret@a.example:1/", "a.example:1"), ("http://[::1]:99/", "[::1]:99"),
        ("http://[::1]", "[::1]:80"),
        ("HTTPS://A", "A:443"), ("http://a:x/", "a:80"), ("", ":0"), ("no url", ":0"), (":", ":0"), ("://", ":0"),
        ("ftp://a", "a:0"), ("http://a\r\nb/", "ab:80"), ("http://:@/", ":80"),
    ])
    func readsHostAndPort(url: String, expected: String) {
        #expect(Origin(url: url).description == expected)
    }
}
