internal import JSONText
package import JobModel
package import Logging

/// Writes log messages as lines to the console's stderr, as text or as JSON.
package struct ConsoleLogHandler: LogHandler {
    package enum Format: String, Sendable, CaseIterable {
        case text, json
    }

    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    private let label: String
    private let format: Format
    private let console: Console
    private let time: any TimeSource

    package init(label: String, level: Logger.Level, format: Format, console: Console, time: any TimeSource) {
        self.label = label
        self.logLevel = level
        self.format = format
        self.console = console
        self.time = time
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let merged = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
        switch format {
        case .text: console.say(text(event, merged))
        case .json: console.say(json(event, merged))
        }
    }

    private func text(_ event: LogEvent, _ metadata: [(key: String, value: Logger.Metadata.Value)]) -> String {
        var line = "\(time.wallNow().rfc3339()) \(event.level) \(label): \(event.message)"
        for (key, value) in metadata {
            let text = "\(value)"
            let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") }
            line += " \(key)=\(isPlain ? text : JSONWriter.text(of: .string(text)))"
        }
        return line
    }

    private func json(_ event: LogEvent, _ metadata: [(key: String, value: Logger.Metadata.Value)]) -> String {
        var members: [JSONObject.Member] = [
            ("time", .string(time.wallNow().rfc3339())), ("level", .string(event.level.rawValue)),
            ("logger", .string(label)), ("message", .string("\(event.message)")),
        ]
        for (key, value) in metadata { members.append((key, .string("\(value)"))) }
        return JSONWriter.text(of: .object(JSONObject(members)))
    }
}
