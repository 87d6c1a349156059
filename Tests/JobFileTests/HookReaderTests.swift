import JobFile
import JobModel
import Testing

@Suite struct HookReaderTests {
    private static let insecure =
        "account: { id: 1, clientId: c, clientSecret: \"${S}\", endpoints: { allowInsecure: true } }\n"

    @Test func readsHooks() throws {
        let job = try onlyJob(
            """
            onFailure: { webhook: "https://Hooks.example.net/T0/B0/SeCrEt?x=1" }
            onSuccess:
              webhook: http://127.0.0.1:8080/ok
            ping: https://hc-ping.example/${ID}
            """, environment: ["ID": "a-b"])
        #expect(job.hooks.onFailure?.reveal() == "https://hooks.example.net/T0/B0/SeCrEt?x=1")
        #expect(job.hooks.onSuccess?.reveal() == "http://127.0.0.1:8080/ok")
        #expect(job.hooks.ping?.reveal() == "https://hc-ping.example/a-b")
    }

    @Test func takesPlainHTTPIfAllowed() throws {
        let job = try onlyJob("ping: http://h/x", extra: Self.insecure, environment: ["S": "s"])
        #expect(job.hooks.ping?.reveal() == "http://h/x")
        // The rest of the account may be wrong.
        let faulty = load(
            file(job: "ping: http://h/x", extra: "account: { endpoints: { allowInsecure: true } }\n"), lenient: false)
        #expect(!faulty.diagnostics.contains { $0.message.contains("http") })
    }

    @Test(arguments: [
        (
            "ping: http://example.net/hunter2",
            "5:11 bad-value jobs.a.ping: plain http is for loopback addresses only "
                + "(write https://, or set endpoints.allowInsecure: true to send secrets in the clear)"
        ),
        (
            "ping: hooks.example.net/hunter2",
            "5:11 bad-value jobs.a.ping: expected a URL that begins with https:// (write https:// and the host)"
        ),
        ("ping: [https://example.net/hunter2]", "5:11 wrong-type expected text for jobs.a.ping, found a list"),
        ("ping: true", "5:11 wrong-type expected text for jobs.a.ping, found true or false (put it in quotes)"),
        (
            "onFailure: https://example.net/hunter2",
            "5:16 wrong-type expected a mapping for jobs.a.onFailure, found text (write { webhook: URL })"
        ),
        (
            "onSuccess: { url: https://example.net/hunter2, webhook: https://h }",
            "5:18 unknown-key unknown key 'url' in jobs.a.onSuccess (known keys: webhook)"
        ),
        (
            "onSuccess: {}", "5:5 missing-key jobs.a.onSuccess lacks 'webhook' (give the URL that is to be told)"
        ),
        (
            "onFailure: { webhook: \"https://example.net/a hunter2\" }",
            "5:27 bad-value jobs.a.onFailure.webhook: a URL has no blanks, quotes, braces or characters beyond ASCII "
                + "(write such characters as %20 and so on)"
        ),
    ])
    func explainsMistakesWithoutTheURL(settings: String, problem: String) {
        let result = load(file(job: settings))
        #expect(brief(result) == [problem])
        #expect(!rendered(result).contains("hunter2"), "\(rendered(result))")
        #expect(result.document == nil)
    }

    @Test(arguments: [
        ("https://h", "https://h"), ("HTTPS://H:8443/Path/?Q=%20&b=[1]", "https://h:8443/Path/?Q=%20&b=[1]"),
        ("https://h?x=1", "https://h/?x=1"), ("https://h/", "https://h/"), ("http://[::1]:1/a@b", "http://[::1]:1/a@b"),
        ("https://h/a://b", "https://h/a://b"),
    ])
    func acceptsURLs(text: String, normalized: String) throws {
        #expect(try HookURL.normalized(text, allowInsecure: false) == normalized)
    }

    @Test(arguments: [
        ("", "expected a URL that begins with https://"), ("h/p", "expected a URL that begins with https://"),
        ("/p?://x", "expected a URL that begins with https://"),
        ("ftp://h/p", "expected a URL that begins with https://"), ("https:///p", "the URL has no valid host"),
        ("https://?x", "the URL has no valid host"), ("https://u:p@h/p", "a URL here has no user name or password"),
        ("https://h/p#f", "a URL here has no fragment"), ("https://h:99999/p", "the port must be between 1 and 65535"),
        ("https://h/é", "a URL has no blanks, quotes, braces or characters beyond ASCII"),
        ("https://h/\r\nX: y", "a URL has no blanks, quotes, braces or characters beyond ASCII"),
        ("https://h/{{ run.id }}", "a URL has no blanks, quotes, braces or characters beyond ASCII"),
        ("http://example.net/", "plain http is for loopback addresses only"),
        ("https://h/" + String(repeating: "x", count: 8000), "a URL has at most 8000 characters"),
    ])
    func refusesURLs(text: String, message: String) {
        let problem = #expect(throws: EndpointURL.Problem.self) {
            try HookURL.normalized(text, allowInsecure: false)
        }
        #expect(problem?.message == message)
    }
}
