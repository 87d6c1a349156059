import Glibc

/// Creates the folders above an output, for their owner alone.
enum FolderMaker {
    /// Creates what is missing of the folders above a file, mode 0700, and syncs each new entry.
    static func makeFolders(above path: String) throws(ResultsError) {
        for folder in folders(above: path) {
            var status = stat()
            if stat(folder, &status) == 0 {
                guard status.isFolder else {
                    throw ResultsError(
                        .notWritable, "\(path): \(folder) is not a folder; choose another file")
                }
                continue
            }
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
                throw ResultsError(
                    .notWritable,
                    "\(path): the folder \(folder) cannot be created: \(SystemError.last.reason); "
                        + "create it or choose another file")
            }
            syncFolder(of: folder)
        }
    }

    /// Makes a new entry durable: without it a synced file may be lost with its name (fsync(2), notes). Some file
    /// systems refuse to sync a folder; they have no such need.
    static func syncFolder(of path: String) {
        let parent = folders(above: path).last ?? "."
        let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        _ = close(descriptor)
    }

    /// The folders above a path, outermost first: of `a/b/c.jsonl`, `a` and `a/b`; `/` if there is nothing else.
    static func folders(above path: String) -> [String] {
        let bytes = Array(path.utf8)
        var found: [String] = []
        for (position, byte) in bytes.enumerated() where byte == UInt8(ascii: "/") {
            guard position > 0 else {
                found.append("/")
                continue
            }
            if bytes[position - 1] != UInt8(ascii: "/") {
                found.append(String(decoding: bytes[..<position], as: UTF8.self))
            }
        }
        return found
    }
}
