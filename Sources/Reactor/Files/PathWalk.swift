internal import Glibc

/// Which folders decide what some paths lead to: the steps of path_resolution(7), written down.
///
/// A name is looked up in a folder, and what it finds may be a symbolic link that leads through further ones. Whoever
/// watches all these names in their folders learns of every change that makes the paths lead elsewhere: a file that is
/// replaced by rename, a link that is set anew, a release folder that is swapped.
struct PathWalk: Equatable {
    /// What matters of a folder.
    struct Interest: Equatable {
        /// Its entries of these names.
        var names: Set<String> = []
        /// Its entries, as far as their names are those of watched files.
        var includesContents = false

        /// Only that it stays where it is.
        var isPassedThrough: Bool { names.isEmpty && !includesContents }
    }

    /// By the folder's path, in which there are no links; the root is the empty text.
    private(set) var folders: [String: Interest] = [:]

    /// As the kernel (`ELOOP`).
    private static let linkLimit = 40

    /// Follows an absolute path.
    ///
    /// - Returns: the path without links; nil if it leads nowhere.
    @discardableResult
    mutating func follow(_ path: String) -> String? {
        var rest = Self.names(of: path)
        var folder = ""
        var links = 0
        visit(folder)
        while let name = rest.popLast() {
            if name == "." { continue }
            if name == ".." {
                folder = String(folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)])
                continue
            }
            let entry = "\(folder)/\(name)"
            switch FileState.kind(of: entry) {
            case .folder:
                if rest.isEmpty { visit(folder, name) }
                folder = entry
                visit(folder)
            case .link:
                visit(folder, name)
                links += 1
                guard links <= Self.linkLimit, let target = Self.target(of: entry) else { return nil }
                if target.utf8.first == UInt8(ascii: "/") { folder = "" }
                rest += Self.names(of: target)
            case .other:
                visit(folder, name)
                return rest.isEmpty ? entry : nil
            case nil:
                visit(folder, name)
                return nil
            }
        }
        return folder
    }

    /// Follows the path of a folder of which the files count, and those links in it that are such files.
    ///
    /// - Returns: the names of its files, in no order; nil if it is not there or cannot be read.
    mutating func followFolder(_ path: String, named isWatched: (String) -> Bool) -> [String]? {
        guard let folder = follow(path), let names = Self.entries(of: folder.isEmpty ? "/" : folder) else { return nil }
        folders[folder, default: Interest()].includesContents = true
        let files = names.filter(isWatched)
        for name in files {
            let entry = "\(folder)/\(name)"
            if FileState.kind(of: entry) == .link { follow(entry) }
        }
        return files
    }

    private mutating func visit(_ folder: String, _ name: String? = nil) {
        var interest = folders[folder] ?? Interest()
        if let name { interest.names.insert(name) }
        folders[folder] = interest
    }

    /// The last one first.
    private static func names(of path: String) -> [String] {
        path.split(separator: "/").reversed().map(String.init)
    }

    private static func target(of link: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let length = readlink(link, start, buffer.count)
            guard length > 0, length < buffer.count else { return nil }
            return String(decoding: UnsafeRawBufferPointer(buffer)[..<length], as: UTF8.self)
        }
    }

    private static func entries(of folder: String) -> [String]? {
        guard let stream = opendir(folder) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
