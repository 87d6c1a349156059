internal import JobFile
internal import JobModel
internal import Reactor
internal import YAMLText

/// The job files of one command, read together: names of jobs are unique over all of them.
struct JobFileSet: Sendable {
    /// Those that are right by themselves, in the order of the arguments.
    private(set) var documents: [JobFileDocument] = []
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var sources: [SourceText] = []

    /// A file's tree is several times as large as what becomes of it: no more than so many are read at a time.
    static let filesAtATime = 2

    /// Reads files, and the job files of folders.
    ///
    /// - Throws: ``CommandFailure`` with status 2 if a folder or the environment's file cannot be read.
    init(_ paths: [String], with files: JobFiles) throws(CommandFailure) {
        var owners: [String: String] = [:]
        let paths = try JobFilePaths.expand(paths)
        let results = paths.concurrentMap(width: Self.filesAtATime) { path in
            Result { () throws(CommandFailure) in try files.read(path) }
        }
        for (path, outcome) in zip(paths, results) {
            let result = try outcome.get()
            diagnostics += result.diagnostics
            if let source = result.source, !result.diagnostics.isEmpty { sources.append(source) }
            guard let document = result.document else { continue }
            documents.append(document)
            for job in document.jobs {
                if let owner = owners.updateValue(path, forKey: job.name) {
                    diagnostics.append(
                        Diagnostic(
                            code: DiagnosticCode.duplicateJob.rawValue,
                            message: "job '\(job.name)' is in \(owner) as well",
                            hint: "names are unique over all files of one command; rename one", file: path,
                            location: job.location))
                }
            }
        }
        forgetUsedVariables(readFrom: results.count)
    }

    /// A variable of the command line need not be known to every file: one that takes it is enough.
    private mutating func forgetUsedVariables(readFrom files: Int) {
        func isOfUnusedVariable(_ diagnostic: Diagnostic) -> Bool {
            diagnostic.code == DiagnosticCode.unusedVariable.rawValue
        }
        let unused = Dictionary(grouping: diagnostics.filter(isOfUnusedVariable), by: \.message)
        var told: Set<String> = []
        diagnostics.removeAll { diagnostic in
            guard isOfUnusedVariable(diagnostic) else { return false }
            let isOfAllFiles = unused[diagnostic.message]?.count == files
            return !isOfAllFiles || !told.insert(diagnostic.message).inserted
        }
    }

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// The documents, if nothing is wrong with any; warnings are told on stderr.
    ///
    /// - Throws: ``CommandFailure`` with status 2 and every problem, rendered.
    func checked(_ console: Console) throws(CommandFailure) -> [JobFileDocument] {
        guard !hasErrors else {
            throw CommandFailure(.invalid, diagnostics, sources: sources, by: console.renderer)
        }
        console.warn(diagnostics, sources: sources)
        return documents
    }
}
