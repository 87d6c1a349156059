import Glibc
package import JobModel
import Synchronization

/// The system's tz database: a folder of TZif files, read when a zone is first asked for and then kept.
///
/// UTC needs no file. An update of the folder is seen by a new database only.
package final class TimeZoneDatabase: TimeZoneProvider {
    /// Where the files are.
    package let directory: String
    /// The release of the data, such as `2026f`; empty if the folder does not say.
    package let version: String
    private let zones = Mutex<[String: TimeZoneRules]>([:])

    /// - Parameter directory: the folder of TZif files; see ``systemDirectory(tzdir:)``.
    package init(directory: String) {
        self.directory = directory
        self.version = Self.version(in: directory)
    }

    /// The folder that the C library reads, too (tzset(3)): `$TZDIR` if it is set, else `/usr/share/zoneinfo`.
    package static func systemDirectory(tzdir: String?) -> String {
        guard let tzdir, !tzdir.isEmpty else { return "/usr/share/zoneinfo" }
        return tzdir
    }

    /// The rules of a zone by its IANA name.
    ///
    /// - Throws: ``TimeZoneError``; nothing of a failure is kept.
    package func rules(forZone name: String) throws(TimeZoneError) -> TimeZoneRules {
        if let known = zones.withLock({ $0[name] }) { return known }
        let rules = try read(name)
        zones.withLock { $0[name] = rules }
        return rules
    }

    package func isKnown(_ name: String) -> Bool {
        (try? rules(forZone: name)) != nil
    }

    package func offset(inZone name: String, at time: Timestamp) -> (secondsEast: Int, abbreviation: String)? {
        guard let type = try? rules(forZone: name).localTimeType(at: time) else { return nil }
        return (type.secondsEast, type.abbreviation)
    }

    /// All names that the folder knows, sorted, for suggestions; walks the whole folder.
    package func names() -> [String] {
        var found = ["UTC"]
        collectNames(under: "", depth: 0, into: &found)
        return Set(found).sorted()
    }

    private func read(_ name: String) throws(TimeZoneError) -> TimeZoneRules {
        guard Self.isValid(name) else {
            throw TimeZoneError(.invalidName, message: "'\(name)' is not the name of a time zone")
        }
        let path = "\(directory)/\(name)"
        switch SmallFile.read(path, limit: 1 << 20) {
        case .success(let bytes):
            return try TZifReader.rules(of: name, from: bytes)
        case .failure(let failure) where failure.isMissing:
            if name == "UTC" || name == "Etc/UTC" { return .utc }
            throw TimeZoneError(.unknownZone, message: "there is no time zone '\(name)' in \(directory)")
        case .failure(let failure):
            throw TimeZoneError(.unreadable, message: "cannot read \(path): \(failure.reason)")
        }
    }

    /// Steps of letters, digits, `_`, `+`, `-` and inner points: never absolute, never upwards.
    static func isValid(_ name: String) -> Bool {
        guard (1...255).contains(name.utf8.count) else { return false }
        return name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { step in
            guard let first = step.first, first != UInt8(ascii: ".") else { return false }
            return step.allSatisfy { byte in
                (48...57).contains(byte) || (97...122).contains(byte | 0x20) || "_+-.".utf8.contains(byte)
            }
        }
    }

    private func collectNames(under prefix: String, depth: Int, into found: inout [String]) {
        guard depth < 4, let folder = opendir("\(directory)/\(prefix)") else { return }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            // Copies of the whole database for other uses, and links for other programs.
            let isCopy = depth == 0 && ["right", "posix", "posixrules", "localtime"].contains(name)
            guard Self.isValid(name), !isCopy else { continue }
            let path = prefix + name
            var status = stat()
            guard stat("\(directory)/\(path)", &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                collectNames(under: path + "/", depth: depth + 1, into: &found)
            } else if case .success(let bytes) = SmallFile.read("\(directory)/\(path)", limit: 4, cut: true),
                bytes.elementsEqual("TZif".utf8)
            {
                found.append(path)
            }
        }
    }

    /// From `tzdata.zi`, whose first line is `# version 2026f`, or `+VERSION`, which holds the name alone.
    private static func version(in directory: String) -> String {
        func firstLine(_ name: String) -> String? {
            guard case .success(let bytes) = SmallFile.read("\(directory)/\(name)", limit: 80, cut: true) else {
                return nil
            }
            return String(decoding: bytes.prefix { $0 >= UInt8(ascii: " ") }, as: UTF8.self)
        }
        let prefix = "# version "
        if let line = firstLine("tzdata.zi"), line.hasPrefix(prefix) { return String(line.dropFirst(prefix.count)) }
        return firstLine("+VERSION") ?? ""
    }
}
