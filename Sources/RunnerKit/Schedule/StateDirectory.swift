internal import JobFile

/// The folder in which a command's ledger is.
struct StateDirectory: Sendable {
    let path: String

    private static let name = ".fnrun"

    /// - Parameters:
    ///   - path: `--state`; nil is `.fnrun` beside the first file, or in the first folder.
    ///   - files: the command's arguments; of none, the working directory counts.
    init(_ path: String?, besides files: [String]) {
        self.path = path ?? Self.standard(besides: files.first)
    }

    private static func standard(besides file: String?) -> String {
        guard let file else { return name }
        guard JobFilePaths.isFolder(file) else { return JobFilePath.resolve(name, beside: file) }
        return file.hasSuffix("/") ? file + name : file + "/" + name
    }
}
