internal import Glibc

/// The job files that a command's arguments stand for.
enum JobFilePaths {
    /// Files stay as they are; a folder stands for its `*.yaml` and `*.yml` files by name, hidden ones left aside.
    ///
    /// - Throws: ``CommandFailure`` with status 2 for a folder that cannot be read or has no such file.
    static func expand(_ paths: [String]) throws(CommandFailure) -> [String] {
        var files: [String] = []
        for path in paths {
            guard isFolder(path) else {
                files.append(path)
                continue
            }
            let found = try list(path)
            guard !found.isEmpty else {
                throw CommandFailure(
                    .invalid, "\(path): has no job files (*.yaml, *.yml); 'fnrun init \(path)' writes a first one")
            }
            files += found
        }
        return files
    }

    /// Whether a path leads to a folder.
    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether a file of a folder is a job file, by its name.
    static func isJobFile(_ name: String) -> Bool {
        !name.hasPrefix(".") && (name.hasSuffix(".yaml") || name.hasSuffix(".yml"))
    }

    private static func list(_ folder: String) throws(CommandFailure) -> [String] {
        guard let handle = opendir(folder) else {
            throw CommandFailure(.invalid, "\(folder): cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if isJobFile(name) { names.append(name) }
        }
        let base = folder.hasSuffix("/") ? folder : folder + "/"
        return names.sorted().map { base + $0 }
    }
}
