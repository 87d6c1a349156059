import JobFile
import JobModel
import TestSupport
import Testing
import YAMLText

@Suite struct JobFileDiagnosticsTests {
    @Test func reportsAllProblemsAtOnce() {
        let text = """
            version: 2
            defualts: {}
            lambdas:
              sync: 6f91f192-c1df-40e0-94f9-8765fd70fd0
              -x: \(someUUID)
            jobs:
              nightly sync:
                lambda: \(someUUID)
              b:
                lambda: syncc
                concurency: 4
                timeout: 30
                payload: { a: "{{ row.x }}", b: .nan }
            """
        #expect(
            rendered(load(text)) == """
                jobs/f.yaml:1:10: error: expected 1 for version, found the number 2
                    version: 2
                             ^
                  = help: there is no other version yet
                jobs/f.yaml:2:1: error: unknown key 'defualts'
                    defualts: {}
                    ^~~~~~~~
                  = help: did you mean 'defaults'?
                jobs/f.yaml:4:9: error: expected a UUID such as 6f91f192-c1df-40e0-94f9-8765fd70fd02 for \
                lambdas.sync, found the text "6f91f192-c1df-40e0-94f9-8765fd70fd0"
                      sync: 6f91f192-c1df-40e0-94f9-8765fd70fd0
                            ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
                  = help: for an event write { event: … }
                jobs/f.yaml:5:3: error: this is no name for a lambda
                      -x: 6f91f192-c1df-40e0-94f9-8765fd70fd02
                      ^~
                  = help: names begin with a letter or digit, go on with letters, digits, '.', '_' and '-', and \
                have at most 63 characters
                jobs/f.yaml:7:3: error: this is no name for a job
                      nightly sync:
                      ^~~~~~~~~~~~
                  = help: names begin with a letter or digit, go on with letters, digits, '.', '_' and '-', and \
                have at most 63 characters
                jobs/f.yaml:10:13: error: there is no lambda 'syncc'
                        lambda: syncc
                                ^~~~~
                  = help: did you mean 'sync'?
                jobs/f.yaml:11:5: error: unknown key 'concurency' in jobs.b
                        concurency: 4
                        ^~~~~~~~~~
                  = help: did you mean 'concurrency'?
                jobs/f.yaml:12:14: error: expected a duration such as 30s for jobs.b.timeout, found the number 30
                        timeout: 30
                                 ^~
                  = help: give the unit: 30s, or 30ms
                jobs/f.yaml:13:37: error: JSON has no number .nan
                        payload: { a: "{{ row.x }}", b: .nan }
                                                        ^~~~
                  = help: put it in quotes if text is meant

                """)
    }

    @Test(arguments: [
        (
            "concurrency: 0",
            "5:18 bad-value expected a whole number between 1 and 100000 for jobs.a.concurrency, found the number 0"
        ),
        (
            "concurrency: \"4\"",
            "5:18 wrong-type expected a whole number between 1 and 100000 for jobs.a.concurrency, found the text \"4\" "
                + "(leave the quotes out)"
        ),
        ("timeout: 0s", "5:14 bad-value expected a duration of at least 1ms for jobs.a.timeout, found the text \"0s\""),
        ("timeout: 25h", "5:14 bad-value expected a duration of at most 1d for jobs.a.timeout, found the text \"25h\""),
        (
            "rate: 50",
            "5:11 wrong-type expected a rate such as 50/s for jobs.a.rate, found the number 50 (say per what: 50/s)"
        ),
        (
            "rate: 50/d",
            "5:11 wrong-type expected a rate such as 50/s, 600/m or 3600/h for jobs.a.rate, found the text \"50/d\""
        ),
        (
            "adaptive: yes",
            "5:15 wrong-type expected true or false for jobs.a.adaptive, found the text \"yes\" (write true)"
        ),
        (
            "tolerate: 101%",
            "5:15 bad-value expected a share between 0% and 100% for jobs.a.tolerate, found the text \"101%\""
        ),
        (
            "tolerate: -1",
            "5:15 bad-value expected a number of failures such as 100, or a share such as 5% for jobs.a.tolerate, "
                + "found the number -1"
        ),
        (
            "tolerate: lots",
            "5:15 wrong-type expected a number of failures such as 100, or a share such as 5% for jobs.a.tolerate, "
                + "found the text \"lots\""
        ),
        ("retry: 3", "5:12 wrong-type expected a mapping (key: value) for jobs.a.retry, found the number 3"),
        (
            "retry: { jitter: ful }",
            "5:22 bad-value expected full, equal or none for jobs.a.retry.jitter, found the text \"ful\" (did "
                + "you mean 'full'?)"
        ),
        (
            "retry: { maxAttempts: 0 }",
            "5:27 bad-value expected a whole number between 1 and 1000000 for jobs.a.retry.maxAttempts, found "
                + "the number 0"
        ),
        (
            "retry: { backoffCoefficient: 0.5 }",
            "5:34 bad-value expected a number between 1 and 1000 for jobs.a.retry.backoffCoefficient, found the "
                + "number 0.5"
        ),
        (
            "retry: { initialInterval: 10s, maximumInterval: 1s }",
            "5:53 bad-value jobs.a.retry.maximumInterval: shorter than initialInterval (write 10s or more)"
        ),
        (
            "retry: { statuses: [99] }",
            "5:25 bad-value expected a whole number between 100 and 999 for jobs.a.retry.statuses[0], found the "
                + "number 99"
        ),
        (
            "retry: { statuses: 500 }",
            "5:24 wrong-type expected a list of statuses such as [500, 502] for jobs.a.retry.statuses, found "
                + "the number 500"
        ),
        (
            "retry: { attempts: 3 }",
            "5:14 unknown-key unknown key 'attempts' in jobs.a.retry (known keys: timeout)"
        ),
        (
            "record: { maxResponse: lots }",
            "5:28 wrong-type expected a size such as 64KiB or 1MB for jobs.a.record.maxResponse, found the text "
                + "\"lots\""
        ),
        (
            "record: { maxResponse: 1GiB }",
            "5:28 bad-value expected a size of at most 64MiB for jobs.a.record.maxResponse, found the text \"1GiB\""
        ),
        (
            "input: customers.csv",
            "5:12 wrong-type expected a mapping for jobs.a.input, found the text \"customers.csv\" "
                + "(write { file: … } or { items: [ … ] })"
        ),
        (
            "input: { file: a.txt }",
            "5:20 bad-value jobs.a.input.file: the name does not tell the format (add format: csv, tsv, jsonl or json)"
        ),
        (
            "input: { file: a.csv, items: [] }",
            "5:14 bad-value jobs.a.input has both 'file' and 'items' (remove one of the two)"
        ),
        (
            "input: { items: [], header: false }",
            "5:25 bad-value jobs.a.input.header says how a file is read, and there is none (remove it)"
        ),
        (
            "input: { file: a.jsonl, format: jsonl, delimiter: \";\" }",
            "5:44 bad-value jobs.a.input.delimiter is for CSV and TSV only (remove it)"
        ),
        (
            "input: { file: a.csv, delimiter: \"ab\" }",
            "5:38 bad-value expected one ASCII character such as \";\" or \"\\t\" for jobs.a.input.delimiter, "
                + "found the text \"ab\""
        ),
        (
            "input: { items: { a: 1 } }",
            "5:21 wrong-type expected a list of rows for jobs.a.input.items, found a mapping"
        ),
        ("input: { items: [.inf] }", "5:22 bad-number JSON has no number .inf (put it in quotes if text is meant)"),
        ("payload: !!int x", "5:14 bad-tag !!int wants an integer such as 12 or 0x1F"),
        ("headers: { X: [1] }", "5:19 wrong-type expected text for jobs.a.headers.X, found a list"),
        ("headers: { \"\": x }", "5:16 bad-name a header needs a name"),
        ("userId: \"\"", "5:13 bad-value expected text for jobs.a.userId, found an empty text"),
        (
            "output: \"\"",
            "5:13 bad-value expected a file name, or \"-\" for stdout for jobs.a.output, found an empty text"
        ),
        ("description: [x]", "5:18 wrong-type expected text for jobs.a.description, found a list"),
        (
            "lambda: x",
            "5:5 duplicate-key duplicate key 'lambda': it is given at line 4, column 5 already (remove one of the two)"
        ),
    ])
    func explainsWrongSettings(settings: String, problem: String) {
        let result = load(file(job: settings))
        #expect(brief(result) == [problem.replacing(knownKeys: result)])
        #expect(result.document == nil)
    }

    @Test(arguments: [
        ("lambdas: { x: { } }\n", "2:12 missing-key lambdas.x lacks 'uuid' (give the uuid of a function, or an event)"),
        (
            "lambdas: { x: [] }\n",
            "2:15 wrong-type expected a UUID such as \(someUUID) for lambdas.x, found a list (for an event "
                + "write { event: … })"
        ),
        (
            "lambdas: { x: { uuid: a, event: b } }\n",
            "2:26 bad-value lambdas.x has both 'uuid' and 'event' (remove one of the two)"
        ),
        (
            "lambdas: { x: { event: \"a b\" } }\n",
            "2:24 bad-value expected an event id of at most 60 characters without blanks and slashes for lambdas.x.event, found the text \"a b\""
        ),
        (
            "lambdas: { x: { event: e, concurrency: 0 } }\n",
            "2:40 bad-value expected a whole number between 1 and 100000 for lambdas.x.concurrency, found the number 0"
        ),
        (
            "lambdas: { x: { event: e, connectTimeout: 1s } }\n",
            "2:27 unknown-key unknown key 'connectTimeout' in lambdas.x (known keys: skillId, externalSystem, "
                + "uuid, event, "
                + "concurrency, rate, timeout, idempotent, retry)"
        ),
        ("defaults: { input: {} }\n", "2:13 unknown-key 'input' cannot be a default (write it into the jobs)"),
        (
            "defaults: { mutex: [a, \"b c\"] }\n",
            "2:24 bad-name defaults.mutex[1]: this is no name (names begin with a letter or digit, go on with letters, "
                + "digits, '.', '_' and '-', and have at most 63 characters)"
        ),
        ("defaults: { ping: x }\n", "2:13 unknown-key 'ping' cannot be a default (write it into the jobs)"),
        ("defaults: { catchup: all }\n", "2:13 unknown-key 'catchup' cannot be a default (write it into the jobs)"),
        ("defaults: [1]\n", "2:11 wrong-type expected a mapping (key: value) for defaults, found a list"),
        ("vars: 3\n", "2:7 wrong-type expected a mapping (key: value) for vars, found the number 3"),
        ("vars: { a: .nan }\n", "2:12 bad-number JSON has no number .nan (put it in quotes if text is meant)"),
    ])
    func explainsOtherSections(section: String, problem: String) {
        #expect(brief(load(file(job: "", extra: section))) == [problem])
    }

    @Test(arguments: [
        ("[1]", "1:1 wrong-type expected a mapping (key: value), found a list"),
        ("version: 1", "1:1 missing-key the file lacks 'jobs' (name at least one job)"),
        ("version: 1\njobs: {}", "2:1 missing-key there is no job in 'jobs'"),
        (
            "jobs: { a: { lambda: \(someUUID) } }",
            "1:1 missing-key the file lacks 'version' (begin the file with 'version: 1')"
        ),
        (
            "version: 1\njobs: { a: {} }",
            "2:9 missing-key jobs.a lacks 'lambda' (name a lambda of 'lambdas', or a UUID)"
        ),
        ("", "empty-file the file is empty"),
        ("a: [", "1:5 syntax expected a value here"),
    ])
    func explainsBrokenFiles(text: String, problem: String) {
        let result = load(text)
        #expect(brief(result).first == problem)
        #expect(result.document == nil)
    }

    @Test func placesTemplateProblems() {
        let text = file(
            job: """
                payload:
                  a: x {{ rwo.a }} y
                  b: 'é {{ row.b | nope }}'
                  c: |
                    one
                    two {{ vars.missing }}
                  d: "\\t{{ oops }}"
                headers: { X: "{{ row." }
                input: { items: [], key: "{{ key }}" }
                output: "{{ row.x }}"
                """)
        let result = load(text)
        #expect(result.diagnostics.allSatisfy { $0.code == "bad-template" })
        let places = result.diagnostics.compactMap(\.location).map { "\($0.line):\($0.column)" }
        #expect(places == ["6:15", "7:24", "10:16", "11:10", "12:27", "13:34", "14:17"])
    }

    @Test func saysWhyAFileCannotBeRead() {
        let result = JobFileLoader.load(path: "/nonexistent/f.yaml", options: JobFileOptions(environment: [:]))
        #expect(
            brief(result) == [
                "unreadable cannot read the file: No such file or directory "
                    + "(check the path; 'fnrun init' writes a first job file)"
            ])
        #expect(result.document == nil && result.source == nil)
    }

    @Test(arguments: 0..<30)
    func survivesMutilation(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let original = Array(
            file(
                job: "payload: { a: \"{{ row.x }}\", b: [1, ~, ${X:-1}] }\nretry: { jitter: full }\nheaders: { A: b }",
                extra: "vars: { a: &a [1], b: *a }\nlambdas: { x: { event: e } }\n"
            ).utf8)
        for _ in 0..<40 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes.remove(at: position)
                case 1: bytes[position] = Array("{}[]:-\n \"'&*$|x1".utf8).randomElement(using: &random) ?? 0
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: position)
                }
            }
            let result = JobFileLoader.load(
                path: "f", bytes: bytes, options: JobFileOptions(environment: [:], lenientAccount: true))
            let hasErrors = result.diagnostics.contains { $0.severity == .error }
            #expect((result.document == nil) == hasErrors)
        }
    }
}

extension String {
    /// The list of known keys is the reader's business.
    fileprivate func replacing(knownKeys result: JobFileResult) -> String {
        guard hasSuffix("(known keys: timeout)"), let hint = result.diagnostics.first?.hint else { return self }
        return String(dropLast("(known keys: timeout)".count)) + "(\(hint))"
    }
}
