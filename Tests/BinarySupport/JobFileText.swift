/// The text of a job file whose account is at a sandbox.
package struct JobFileText: Sendable {
    /// The function that jobs invoke unless they say otherwise; its name in the file is `f`.
    package static let function = "6f91f192-c1df-40e0-94f9-8765fd70fd02"
    /// Looks like nothing else, so that it can be searched for.
    package static let secret = "s3cret-Zaphod-42"

    /// Where hosts are looked up, with scheme and port.
    package var domainAPI: String
    /// Further entries of `account.endpoints`, such as `gateway: http://127.0.0.1:1`.
    package var endpoints = ""
    package var accountID = "12345678"
    package var clientSecret = JobFileText.secret
    /// Further entries of `lambdas`, one a line.
    package var lambdas: [String] = []
    /// Settings by job, in file order; those of a job are lines of YAML, without `lambda` for the function `f`.
    package var jobs: [(name: String, settings: String)]

    /// A file with one job.
    package init(_ domainAPI: String, job: String = "work", _ settings: String = "") {
        self.domainAPI = domainAPI
        jobs = [(job, settings)]
    }

    package var text: String {
        var lines = [
            "version: 1",
            "account:",
            "  id: \"\(accountID)\"",
            "  clientId: test-client",
            "  clientSecret: \(clientSecret)",
            "  endpoints:",
            "    domainApi: \(domainAPI)",
        ]
        if !endpoints.isEmpty { lines.append("    \(endpoints)") }
        lines += ["lambdas:", "  f: \(Self.function)"] + lambdas.map { "  \($0)" } + ["jobs:"]
        for job in jobs {
            lines.append("  \(job.name):")
            if !job.settings.contains("lambda:") { lines.append("    lambda: f") }
            lines += job.settings.split(separator: "\n").map { "    \($0)" }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
