internal import Glibc

/// `fnrun init`: writes a first job file with comments, and what belongs beside it.
package struct InitFolder: Sendable {
    private let common: CommonSettings
    private let folder: String

    package init(common: CommonSettings, folder: String) {
        self.common = common
        self.folder = folder
    }

    /// - Throws: ``CommandFailure`` with status 7 if a file is there already or cannot be written; nothing is
    ///   overwritten.
    package func execute() throws(CommandFailure) -> ExitStatus {
        let console = Console(settings: common)
        let files = [("job.yaml", Self.jobFile), (".env.example", Self.environmentExample)]
        let paths = files.map { name, _ in folder == "." ? name : "\(folder)/\(name)" }
        for path in paths where access(path, F_OK) == 0 {
            throw CommandFailure(.output, "\(path): is there already; nothing was written (name another folder)")
        }
        try makeFolder()
        for (path, (_, text)) in zip(paths, files) {
            try write(text, to: path)
            console.notice("wrote \(path)")
        }
        let jobFile = paths[0]
        console.notice(
            """

            Try it without an account:   fnrun run \(jobFile) --sandbox --output -
            See what would be sent:      fnrun run \(jobFile) --dry-run
            Then put your function's UUID into \(jobFile), copy \(paths[1]) to .env beside it and fill it in.
            """)
        return .success
    }

    private func makeFolder() throws(CommandFailure) {
        var path = folder.hasPrefix("/") ? "" : "."
        for part in folder.split(separator: "/") {
            path += "/\(part)"
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw CommandFailure(.output, "\(folder): cannot be made: \(String(cString: strerror(errno)))")
            }
        }
    }

    private func write(_ text: String, to path: String) throws(CommandFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(.output, "\(path): cannot be written: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw CommandFailure(.output, "\(path): cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    static let environmentExample = """
        # Copy to .env (it stays out of version control) and fill in. The process's environment beats this file.
        LP_ACCOUNT_ID=12345678
        LP_CLIENT_ID=
        LP_CLIENT_SECRET=

        """

    static let jobFile = """
        # A job file: which functions to invoke, with what, and how. Check it with: fnrun validate job.yaml
        version: 1

        # Filled in from the environment, or from a file .env beside this one.
        account:
          id: ${LP_ACCOUNT_ID}
          clientId: ${LP_CLIENT_ID}
          clientSecret: ${LP_CLIENT_SECRET}

        # Values for templates; override with --set greeting=hi.
        vars:
          greeting: hello

        # Names for functions, by their UUID.
        lambdas:
          greet: 6f91f192-c1df-40e0-94f9-8765fd70fd02

        jobs:
          greet-everyone:
            description: Greet each of a few people
            lambda: greet
            # One invocation per row. A file instead: { file: people.csv, key: "{{ row.name }}" }
            input:
              items:
                - { id: 1, name: Ada }
                - { id: 2, name: Grace }
                - { id: 3, name: Edsger }
              key: "{{ row.name }}"
            # A string that is one expression alone keeps the value's type: id stays a number.
            payload:
              id: "{{ row.id }}"
              text: "{{ vars.greeting }} {{ row.name }}"
              sentAt: "{{ run.startedAt }}"
            concurrency: 4            # requests in flight
            rate: 20/s                # requests started per second
            retry: { maxAttempts: 4 } # platform errors only, with backoff; a function's own error is never repeated

        """
}
