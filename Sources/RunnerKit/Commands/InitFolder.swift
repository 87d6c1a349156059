internal import Glibc
internal import YAMLText

/// `fnrun init`: writes a first job file with comments, and what belongs beside it.
package struct InitFolder: Sendable {
    private let common: CommonSettings
    private let folder: String

    package init(common: CommonSettings, folder: String) {
        self.common = common
        self.folder = folder
    }

    /// - Throws: ``CommandFailure`` with status 7 if a file is there already or cannot be written; nothing is
    ///   overwritten. A `.gitignore` that is there stays as it is.
    package func execute() throws(CommandFailure) -> ExitStatus {
        let console = Console(settings: common)
        var files = StarterFiles.all
        let keepsIgnored = access(path(of: StarterFiles.ignored), F_OK) == 0
        if keepsIgnored { files.removeAll { $0.path == StarterFiles.ignored } }
        for file in files where access(path(of: file.path), F_OK) == 0 {
            throw CommandFailure(
                .output, "\(path(of: file.path)): is there already; nothing was written (name another folder)")
        }
        try makeFolder(folder)
        for file in files {
            if let slash = file.path.lastIndex(of: "/") { try makeFolder(path(of: String(file.path[..<slash]))) }
            try write(file.text, to: path(of: file.path))
            console.notice("wrote \(path(of: file.path))")
        }
        if keepsIgnored { tellMissingLines(on: console) }
        console.notice(Self.nextSteps(jobFile: path(of: StarterFiles.jobFile), files: path))
        return .success
    }

    private func path(of file: String) -> String {
        folder == "." ? file : "\(folder)/\(file)"
    }

    private static func nextSteps(jobFile: String, files path: (String) -> String) -> String {
        """

        Try it without an account:   fnrun run \(jobFile) --sandbox --output -
        See what would be sent:      fnrun run \(jobFile) --dry-run

        For real:
        - hand \(path(StarterFiles.installation)) to LivePerson to get a client id and secret
        - copy \(path(StarterFiles.environmentExample)) to \(path(".env")) and fill it in
        - put your function's UUID into \(jobFile)
        - check it all:              fnrun doctor \(jobFile)
        """
    }

    /// The user's own file is not touched.
    private func tellMissingLines(on console: Console) {
        let path = path(of: StarterFiles.ignored)
        let bytes = try? FileBytes.read(path, limit: 1 << 20)
        let lines = String(decoding: bytes ?? [], as: UTF8.self).split(whereSeparator: \.isNewline)
        let missing = StarterFiles.ignoredLines.filter { wanted in
            !lines.contains { $0 == wanted || $0 == wanted.dropLast() || $0 == "/\(wanted)" }
        }
        guard !missing.isEmpty else { return }
        console.notice("\(path) is there already; add to it: \(missing.joined(separator: " "))")
    }

    private func makeFolder(_ folder: String) throws(CommandFailure) {
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
}
