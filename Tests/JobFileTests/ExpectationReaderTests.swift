import Expectations
import JobFile
import JobModel
import Testing

@Suite struct ExpectationReaderTests {
    @Test func readsEveryExpectation() throws {
        let job = try onlyJob(
            """
            tags: [fast, nightly, fast]
            expect:
              - status: [200, 2xx]
              - path: response.greeting
                equals: "hello {{ row.name }}"
                startsWith: hello
                type: string
              - { path: "headers['X-Region']", oneOf: [emea, "{{ vars.region }}"] }
              - { path: error, exists: false }
              - { path: response, type: null, size: 3, contains: { a: null }, notEquals: null }
              - { path: latencyMs, greaterThan: 0, lessThan: "{{ row.limit }}" }
              - { path: response.id, matches: '^\\d+$' }
              - latency: 800ms
              - outcome: [failed, unknown]
            """, extra: "vars: { region: va }\n")
        #expect(job.tags == ["fast", "nightly"])
        let set = try #require(job.expectations)
        #expect(
            set.expectations.map(\.text) == [
                "status: [200, 2xx]", #"response.greeting equals "hello {{ row.name }}""#,
                "response.greeting type \"string\"",
                #"response.greeting startsWith "hello""#, #"headers.x-region oneOf ["emea","{{ vars.region }}"]"#,
                "error exists false", "response notEquals null", #"response contains {"a":null}"#, "response type null",
                "response size 3", "latencyMs greaterThan 0", #"latencyMs lessThan "{{ row.limit }}""#,
                #"response.id matches "^\\d+$""#, "latency: 800ms", "outcome: [failed, unknown]",
            ])
        #expect(set.expectations.prefix(3).map(\.location.line) == [8, 10, 12])
        #expect(set.needsHeaders && set.dependsOnRow)
    }

    @Test func impliesSuccess() throws {
        let set = try #require(try onlyJob("expect: [{ latency: 1s }]").expectations)
        #expect(set.expectations.map(\.text) == ["outcome: succeeded (implied)", "latency: 1s"])
        #expect(set.expectations[0].location.line == 5)
        #expect(try onlyJob("tags: fast").expectations == nil)
        #expect(try onlyJob("tags: fast").tags == ["fast"])
    }

    @Test func showsVariablesByTheirNames() throws {
        let job = try onlyJob(
            "expect: [{ path: response, equals: \"${KEY}\" }]", environment: ["KEY": "hunter2"])
        #expect(job.expectations?.expectations.last?.text == "response equals ${KEY}")
    }

    @Test(arguments: [
        ("expect: 200", "5:13 wrong-type expected a list of expectations for jobs.a.expect, found the number 200"),
        ("expect: []", "5:13 bad-value jobs.a.expect: there is nothing in the list"),
        ("expect: [200]", "5:14 wrong-type expected a mapping for jobs.a.expect[0], found the number 200"),
        ("expect: [{}]", "5:14 missing-key jobs.a.expect[0] checks nothing"),
        (
            "expect: [{ stauts: 200 }]",
            "5:16 unknown-key unknown key 'stauts' in jobs.a.expect[0] (did you mean 'status'?)"
        ),
        (
            "expect: [{ path: response, equal: 1 }]",
            "5:22 bad-value jobs.a.expect[0].path: says where to look and not what for"
        ),
        (
            "expect: [{ path: response, equal: 1 }]",
            "5:32 unknown-key unknown key 'equal' in jobs.a.expect[0] (did you mean 'equals'?)"
        ),
        ("expect: [{ equals: 1 }]", "5:16 missing-key jobs.a.expect[0] has 'equals' and no 'path'"),
        (
            "expect: [{ path: response, equals: 1, equals: 2 }]",
            "5:43 duplicate-key"
        ),
        ("expect: [{ status: 2000 }]", "5:24 bad-value expected a status such as 200, or a class such as 2xx"),
        ("expect: [{ status: ok }]", "5:24 bad-value expected a status such as 200, or a class such as 2xx"),
        ("expect: [{ status: [] }]", "5:24 bad-value jobs.a.expect[0].status: there is nothing in the list"),
        ("expect: [{ latency: 800 }]", "5:25 wrong-type expected a duration such as 30s"),
        ("expect: [{ outcome: fail }]", "5:25 bad-value expected succeeded, failed or unknown"),
        (
            "expect: [{ path: respond.a, exists: true }]",
            "5:22 bad-path jobs.a.expect[0].path: unknown root 'respond' (did you mean 'response'?)"
        ),
        (
            "expect: [{ path: row.a, exists: true }]",
            "5:22 bad-path jobs.a.expect[0].path: unknown root 'row' (roots: status, headers, response"
        ),
        ("expect: [{ path: response., exists: true }]", "5:31 bad-path expected a name after '.', found the end"),
        ("expect: [{ path: status.code, exists: true }]", "5:22 bad-path jobs.a.expect[0].path: status has no members"),
        (
            "expect: [{ path: error.mesage, exists: true }]",
            "5:22 bad-path jobs.a.expect[0].path: error has no 'mesage' (did you mean 'message'?)"
        ),
        (
            "expect: [{ path: response, matches: 'a(b' }]",
            "5:45 bad-pattern jobs.a.expect[0].matches: missing closing parenthesis"
        ),
        (
            "expect: [{ path: response, matches: '{{ row.a }}' }]",
            "5:41 bad-value jobs.a.expect[0].matches: a pattern takes no templates"
        ),
        ("expect: [{ path: response, exists: yes }]", "5:40 wrong-type expected true or false"),
        (
            "expect: [{ path: response, type: int }]",
            "5:38 bad-value expected string, number, integer, boolean, array, object or null"
        ),
        ("expect: [{ path: response, size: -1 }]", "5:38 wrong-type expected a whole number of at least 0"),
        ("expect: [{ path: response, greaterThan: '5' }]", "5:45 wrong-type expected a number"),
        ("expect: [{ path: response, oneOf: a }]", "5:39 wrong-type expected a list of values"),
        (
            "expect: [{ path: response, oneOf: [] }]",
            "5:39 bad-value jobs.a.expect[0].oneOf: there is nothing in the list"
        ),
        ("expect: [{ path: response, startsWith: 5 }]", "5:44 wrong-type expected text"),
        ("expect: [{ path: response, equals: .nan }]", "5:40 bad-number JSON has no number .nan"),
        (
            "expect: [{ path: response, equals: '{{ rwo.a }}' }]",
            "5:44 bad-template unknown name 'rwo' (did you mean row?)"
        ),
        (
            "expect: [{ path: error.code, equals: x }]",
            "5:34 no-effect there is no error unless the invocation fails, and 'outcome: succeeded' is implied"
        ),
        ("tags: [\"!slow\"]", "5:12 bad-name expected a name for jobs.a.tags[0]"),
        ("tags: { a: b }", "5:11 wrong-type expected a list of names for jobs.a.tags, found a mapping"),
    ])
    func explainsMistakes(settings: String, problem: String) {
        let problems = brief(load(file(job: settings)))
        #expect(problems.contains { $0.hasPrefix(problem) }, "\(problems)")
    }

    @Test func areNoDefaults() {
        for key in ["expect", "tags"] {
            let problems = brief(load(file(job: "", extra: "defaults: { \(key): [] }\n")))
            #expect(problems.contains { $0.contains("'\(key)' cannot be a default") }, "\(problems)")
        }
    }

    @Test func shareTheirSettingsWithOtherJobs() {
        // What is expected is no part of what a run does.
        let text = """
            version: 1
            jobs:
              a: { lambda: \(someUUID), expect: [{ status: 200 }], tags: [x] }
              b: { lambda: \(someUUID) }
            """
        let jobs = load(text).document?.jobs ?? []
        #expect(jobs.count == 2 && jobs[0].hash == jobs[1].hash)
    }
}
