import Foundation

/// Files of the source tree.
enum SourceTree {
    /// Two folders above this file's.
    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Golden files are to be written anew.
    static var isRecording: Bool { ProcessInfo.processInfo.environment["FNRUN_RECORD"] == "1" }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    static func write(_ text: String, to path: String) throws {
        try text.write(to: root.appendingPathComponent(path), atomically: true, encoding: .utf8)
    }

    /// The paths below a folder that end so, in order.
    static func paths(below folder: String, endingIn endings: [String]) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: root.appendingPathComponent(folder).path)
            .filter { path in endings.contains { path.hasSuffix($0) } }.sorted().map { "\(folder)/\($0)" }
    }
}
