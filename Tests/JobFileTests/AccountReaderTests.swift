import JobFile
import JobModel
import TestSupport
import Testing

@Suite struct AccountReaderTests {
    private static func text(_ account: String) -> String {
        file(job: "", extra: account)
    }

    @Test func variablesMayBeUnsetWhereNothingIsSent() {
        let text = Self.text(
            "account:\n  id: ${A}\n  clientId: ${B:?give it}\n  clientSecret: ${C}\n  platform: ${D}\n")
        let lenient = load(text)
        #expect(brief(lenient) == [])
        #expect(lenient.document?.account?.id == "")
        let partial = load(text, environment: ["A": "123", "C": "", "D": "v1"])
        #expect(partial.document?.accountID == "123")
        #expect(partial.document?.account?.id == "123")
        #expect(partial.document?.account?.platform == .v1)
        #expect(
            brief(load(text, lenient: false)) == [
                "3:7 unset-variable the variable A is not set (export it, put 'A=…' into .env, or give a "
                    + "default: ${A:-…})",
                "4:13 unset-variable the variable B is not set: give it "
                    + "(export it, put 'B=…' into .env, or give a default: ${B:-…})",
                "5:17 unset-variable the variable C is not set (export it, put 'C=…' into .env, or give a "
                    + "default: ${C:-…})",
                "6:13 unset-variable the variable D is not set (export it, put 'D=…' into .env, or give a "
                    + "default: ${D:-…})",
            ])
    }

    @Test func variablesOutsideOfTheAccountMustBeSet() {
        let result = load(file(job: "concurrency: ${N}\ndescription: \"é ${M}\""))
        #expect(
            rendered(result) == """
                jobs/f.yaml:5:18: error: the variable N is not set
                        concurrency: ${N}
                                     ^~~~
                  = help: export it, put 'N=…' into .env, or give a default: ${N:-…}
                jobs/f.yaml:6:21: error: the variable M is not set
                        description: "é ${M}"
                                        ^~~~
                  = help: export it, put 'M=…' into .env, or give a default: ${M:-…}

                """)
    }

    @Test func brokenVariablesAreReportedOnce() {
        let result = load(file(job: "timeout: ${T\nrate: ${R-x}\nuserId: \"${}\""))
        #expect(
            brief(result) == [
                "5:14 bad-variable '${' without '}' (for the characters '${' write '$${')",
                "6:11 bad-variable '${R' wants '}', ':-' with a default or ':?' with a message "
                    + "(for the characters '${' write '$${')",
                "7:14 bad-variable '${' wants the name of a variable (for the characters '${' write '$${')",
            ])
        let many = load(file(job: "description: \"" + String(repeating: "${X} ", count: 10_000) + "\""))
        #expect(many.diagnostics.count == 20)
    }

    @Test func theAccountMustBeThereToBeUsed() {
        #expect(load(Self.text("")).document != nil)
        #expect(
            brief(load(Self.text(""), lenient: false)) == [
                "missing-key the file lacks 'account' (give 'id', 'clientId' and 'clientSecret', or use --sandbox)"
            ])
        #expect(
            brief(load(Self.text("account: {}\n"))) == [
                "2:1 missing-key account lacks 'id' (the id of the LivePerson account)",
                "2:1 missing-key account lacks 'clientId' (the id of the OAuth 2.0 client)",
                "2:1 missing-key account lacks 'clientSecret' "
                    + "(write clientSecret: ${LP_CLIENT_SECRET}, or name a file as clientSecretFile)",
            ])
    }

    @Test func readsSecretsFromFiles() {
        let text = Self.text("account: { id: 1, clientId: c, clientSecretFile: s.txt }\n")
        let absolute = Self.text("account: { id: 1, clientId: c, clientSecretFile: /s }\n")
        func secret(_ text: String, _ files: [String: String]) -> String? {
            load(text, lenient: false, secrets: files).document?.account?.clientSecret.reveal()
        }
        #expect(secret(text, ["jobs/s.txt": "hunter2\n"]) == "hunter2")
        #expect(secret(text, ["jobs/s.txt": "hunter2\r\n"]) == "hunter2")
        #expect(secret(text, ["jobs/s.txt": "a\n\n"]) == "a\n")
        #expect(secret(absolute, ["/s": " x "]) == " x ")
        #expect(
            brief(load(text, lenient: false)) == [
                "2:50 unreadable account.clientSecretFile: cannot read the file: No such file or directory"
            ])
        #expect(
            brief(load(text, lenient: false, secrets: ["jobs/s.txt": "\n"])) == [
                "2:50 bad-value account.clientSecretFile: the file is empty"
            ])
        #expect(load(text).diagnostics.isEmpty)
    }

    @Test func neverShowsItsValues() {
        let account = """
            account:
              id: hunter-1
              clientId: [hunter2]
              clientSecret: { a: hunter3 }
              platform: hunter4
              endpoints: { domainApi: "http://hunter5.net", gateway: "https://hunter6@x.net", allowInsecure: \
            hunter7, sentinel: hunter8 }

            """
        let messages = brief(load(Self.text(account)))
        #expect(
            messages == [
                "3:7 bad-value expected an account id of letters and digits for account.id, found text",
                "4:13 wrong-type expected text for account.clientId, found a list",
                "5:17 wrong-type expected text for account.clientSecret, found a mapping",
                "6:13 bad-value expected auto, v1 or v2 for account.platform, found text",
                "7:27 bad-value account.endpoints.domainApi: plain http is for loopback addresses only "
                    + "(write https://, or set endpoints.allowInsecure: true to send secrets in the clear)",
                "7:58 bad-value account.endpoints.gateway: a URL here has no user name or password (give the "
                    + "host alone)",
                "7:98 wrong-type expected true or false for account.endpoints.allowInsecure, found text",
                "7:117 bad-value account.endpoints.sentinel: expected a URL that begins with https:// "
                    + "(write https:// and the host)",
            ])
        let secret = "account: { id: 1, clientId: [], clientSecret: hunter2 }\n"
        #expect(!rendered(load(Self.text(secret))).contains("hunter2"))
        let both = Self.text("account: { id: 1, clientId: c, clientSecret: s, clientSecretFile: f }\n")
        #expect(
            brief(load(both)) == [
                "2:49 bad-value account has both 'clientSecret' and 'clientSecretFile' (remove one of the two)"
            ])
    }

    @Test func neverShowsWhatVariablesHold() {
        let text = file(job: "timeout: ${T}\nlambda2: ${T}\npayload: \"{{ ${T} }}\"\ninput: { format: \"${T}\" }")
        let result = load(text.replacingLambda(), environment: ["T": "hunter2"])
        #expect(result.document == nil)
        #expect(!rendered(result).contains("hunter2"))
        #expect(
            brief(result) == [
                "4:13 unknown-lambda there is no lambda '${T}' (name it under 'lambdas', or write its UUID)",
                "5:14 wrong-type expected a duration such as 30s for jobs.a.timeout, found text from ${T}",
                "6:5 unknown-key unknown key 'lambda2' in jobs.a (did you mean 'lambda'?)",
                "7:14 bad-template with its variables filled in, this is no valid template: {{ ${T} }}",
                "8:22 bad-value expected csv, tsv, jsonl or json for jobs.a.input.format, found text from ${T}",
            ])
    }

    /// Whatever is wrong in the section, nothing that may be a secret is shown: not in a message, not with its line.
    @Test(arguments: [
        "account:\n  clientSecert: hunter2", "account:\n  password: \"hunter2\"", "account: { id: a, secrt: hunter2 }",
        "account:\n  clientSecret: \"${X-hunter2}\"", "account:\n  clientSecret: ${X:-hunter2",
        "account:\n  clientSecret:\n    - hunter2", "account:\n  clientSecret:\n  - hunter2",
        "account:\n  clientSecret: >\n\thunter2", "account:\n  hunter2",
        "account:\n  clientSecret: *hunter2", "account:\n  clientSecret: !hunter2 x",
        "account:\n  # mine\n\n  clientSecret hunter2", "account:\n  clientSecret: { a: hunter2 }",
        "account:\n  clientId: \"\"\n  clientSecret: \"hunter2\" x", "\"account\":\n  \"clientSecert\": \"hunter2\"",
    ])
    func nothingThatMayBeASecretIsShown(account: String) {
        let text = rendered(load(Self.text("\(account)\n"), lenient: false))
        #expect(text.contains("error: ") && !text.contains("hunter2"), "\(text)")
    }

    @Test func whatIsKnownToBeNoSecretIsShown() {
        let text = rendered(
            load(Self.text("account: { id: \"1 2\", clientId: ${C}, clientSecret: ${S}, platform: v3, extra: 5 }\n")))
        #expect(text.contains("account: { id: \"1 2\", clientId: ${C}, clientSecret: ${S}, platform: v3, extra: ***"))
        let other = rendered(load(Self.text("account: { id: a, clientId: b, clientSecret: c }\nfoo: bar\n")))
        #expect(other.contains("foo: bar"), "\(other)")
    }

    @Test func wherePutAsideTheAccountMayBeWrong() {
        let account = "account: { id: \"\", clientSecret: \"${X-}\", what: 1, endpoints: { allowInsecure: true } }\n"
        let job = "schedule: { every: 1h }\nping: http://hooks.example/x"
        var options = JobFileOptions(environment: [:])
        options.ignoresAccount = true
        func load(_ text: String) -> JobFileResult {
            JobFileLoader.load(path: "f.yaml", bytes: Array(text.utf8), options: options)
        }
        let result = load(file(job: job, extra: account))
        #expect(brief(result) == [])
        #expect(result.document != nil && result.document?.account == nil)
        #expect(brief(load(file(job: ""))) == [])
        #expect(brief(load(file(job: job, extra: "account: {}\n"))).count == 1)
        #expect(brief(load(file(job: "timeout: ${T}", extra: account))).count == 1)
    }

    @Test func aSecretFileThatIsTooLargeIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("secret", repeatElement(65, count: (64 << 10) + 1))
        #expect(throws: SecretFileFailure(reason: "it has more than 64 KiB")) {
            try JobFileOptions.readSecretFile(path)
        }
        try folder.write("secret", repeatElement(65, count: 64 << 10))
        #expect(try JobFileOptions.readSecretFile(path).count == 64 << 10)
    }
}

extension String {
    fileprivate func replacingLambda() -> String {
        split(separator: someUUID, maxSplits: 1, omittingEmptySubsequences: false).joined(separator: "${T}")
    }
}
