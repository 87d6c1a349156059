internal import Glibc

/// The states of files, and of the files of folders, at one moment: of two, whether anything has changed between them.
package struct FileSnapshot: Sendable, Equatable {
    private var states: [String: FileState] = [:]

    /// Parameters as ``FileWatch/init(files:folders:named:queue:debounce:time:handler:)`` has them.
    package init(files: [String], folders: [String] = [], named isWatched: (String) -> Bool = { _ in true }) {
        var walk = PathWalk()
        self.init(
            files: files.map(Self.absolute), folders: folders.map(Self.absolute), named: isWatched, following: &walk)
    }

    /// - Parameters:
    ///   - files: absolute.
    ///   - folders: absolute.
    ///   - walk: gets the folders that decide what the paths lead to.
    init(files: [String], folders: [String], named isWatched: (String) -> Bool, following walk: inout PathWalk) {
        for file in files {
            walk.follow(file)
            states[file] = FileState(of: file)
        }
        for folder in folders {
            guard let names = walk.followFolder(folder, named: isWatched) else { continue }
            states[folder + "/"] = FileState(of: folder)
            for name in names { states["\(folder)/\(name)"] = FileState(of: "\(folder)/\(name)") }
        }
    }

    /// Nothing has been seen of anything.
    init() {}

    static func absolute(_ path: String) -> String {
        guard path.utf8.first != UInt8(ascii: "/"), let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return "\(String(cString: folder))/\(path)"
    }
}
