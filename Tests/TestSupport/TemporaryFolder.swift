import Glibc

/// A folder below `/tmp` that goes away, with all that is in it, when its owner lets go of it.
package struct TemporaryFolder: ~Copyable {
    package let path: String

    package init() throws {
        var template = Array("/tmp/fnrun-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TemporaryFolderError(call: "mkdtemp", code: errno) }
        path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    deinit {
        Self.removeContents(of: path)
        rmdir(path)
    }

    /// Writes a file, and the folders that its name asks for; returns its path.
    @discardableResult
    package func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        var folder = path
        for step in name.split(separator: "/").dropLast() {
            folder += "/\(step)"
            mkdir(folder, 0o700)
        }
        guard let file = fopen("\(path)/\(name)", "w") else { throw TemporaryFolderError(call: "fopen", code: errno) }
        let bytes = Array(bytes)
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else {
            throw TemporaryFolderError(call: "fwrite", code: errno)
        }
        return "\(path)/\(name)"
    }

    private static func removeContents(of folder: String) {
        guard let entries = opendir(folder) else { return }
        defer { closedir(entries) }
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != ".." else { continue }
            let path = "\(folder)/\(name)"
            if unlink(path) != 0, errno == EISDIR || errno == EPERM {
                removeContents(of: path)
                rmdir(path)
            }
        }
    }
}

/// What went wrong in making or filling a ``TemporaryFolder``.
package struct TemporaryFolderError: Error {
    package var call: String
    package var code: Int32
}
