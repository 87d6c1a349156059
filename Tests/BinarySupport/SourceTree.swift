package import Foundation

/// Files of the source tree.
package enum SourceTree {
    /// Two folders above this file's.
    package static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Golden files are to be written anew.
    package static var isRecording: Bool { ProcessInfo.processInfo.environment["FNRUN_RECORD"] == "1" }

    package static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    package static func write(_ text: String, to path: String) throws {
        try text.write(to: root.appendingPathComponent(path), atomically: true, encoding: .utf8)
    }

    /// What a golden file holds; when recording, the text is written there first.
    package static func golden(_ path: String, for text: String) throws -> String {
        if isRecording { try write(text, to: path) }
        return try self.text(path)
    }

    /// The paths below a folder that end so, in order.
    package static func paths(below folder: String, endingIn endings: [String]) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: root.appendingPathComponent(folder).path)
            .filter { path in endings.contains { path.hasSuffix($0) } }.sorted().map { "\(folder)/\($0)" }
    }
}
