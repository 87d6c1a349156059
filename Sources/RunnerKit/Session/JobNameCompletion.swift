internal import Glibc
internal import JobFile
internal import YAMLText

/// The names of jobs that a shell offers where a command line wants one.
package enum JobNameCompletion {
    /// Larger files are left aside: a key was pressed, and a person waits.
    private static let largestFile = 1 << 20
    private static let mostFiles = 50

    /// The jobs of the files and folders among the words; of those of the working directory if there are none.
    ///
    /// Whatever cannot be read adds nothing, and nothing is said of it: a line that is still being typed may name a file
    /// that is still being written.
    package static func names(among words: [String]) -> [String] {
        let named = words.filter { JobFilePaths.isJobFile($0) || JobFilePaths.isFolder($0) }
        let paths = (try? JobFilePaths.expand(named.isEmpty ? ["."] : named)) ?? []
        var seen: Set<String> = []
        return paths.prefix(mostFiles).flatMap(names(in:)).filter { seen.insert($0).inserted }
    }

    private static func names(in path: String) -> [String] {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            let bytes = try? FileBytes.read(path, limit: largestFile)
        else { return [] }
        let root = YAMLDocument.parse(SourceText(file: path, bytes: bytes)).root
        let jobs = root?.mapping?["jobs"]?.mapping?.entries ?? []
        return jobs.map(\.key.text).filter(JobName.isValid)
    }
}
