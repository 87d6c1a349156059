import BinarySupport
import Foundation
import JSONText
import JobFile
import SettingsSchema
import Testing

/// What is written from the description of job files and committed.
@Suite struct GeneratedFilesTests {
    @Test("schema/job.schema.json is what the description says")
    func schema() throws {
        let text = JSONWriter.indentedText(of: JobFileSchema.json) + "\n"
        if SourceTree.isRecording { try SourceTree.write(text, to: "schema/job.schema.json") }
        #expect(try SourceTree.text("schema/job.schema.json") == text, "FNRUN_RECORD=1 records")
    }

    private static let page = "docs/job-files.md"

    private struct Table: Sendable {
        var name: String
        var mapping: MappingSchema
        var inlined: Set<String> = []
        var leftOut: Set<String> = []
        var hasDefaults = true
    }

    private static let tables = [
        Table(name: "file", mapping: JobFileSchema.file, hasDefaults: false),
        Table(name: "account", mapping: JobFileSchema.account, inlined: ["endpoints"]),
        Table(name: "lambda", mapping: JobFileSchema.lambda, hasDefaults: false),
        Table(
            name: "job", mapping: JobFileSchema.job,
            leftOut: Set(JobFileSchema.occurrences.keys + JobFileSchema.hooks.keys)),
        Table(name: "input", mapping: JobFileSchema.input),
        Table(name: "retry", mapping: JobFileSchema.retry),
        Table(name: "record", mapping: JobFileSchema.record),
        Table(name: "schedule", mapping: JobFileSchema.scheduleElement),
        Table(name: "dst", mapping: JobFileSchema.daylight),
        Table(name: "occurrences", mapping: JobFileSchema.occurrences),
        Table(name: "hooks", mapping: JobFileSchema.hooks, hasDefaults: false),
    ]

    @Test("The tables of docs/job-files.md are what the description says")
    func tables() throws {
        var page = try SourceTree.text(Self.page)
        let committed = page
        for table in Self.tables {
            let head = "<!-- settings: \(table.name) -->\n"
            let start = try #require(page.range(of: head), "the page has no \(head)")
            let end = try #require(page.range(of: "<!-- end -->", range: start.upperBound..<page.endIndex))
            let text = SettingsTable.markdown(
                of: table.mapping, inlined: table.inlined, leftOut: table.leftOut, hasDefaults: table.hasDefaults)
            page.replaceSubrange(start.upperBound..<end.lowerBound, with: text + "\n")
        }
        if SourceTree.isRecording { try SourceTree.write(page, to: Self.page) }
        #expect(SourceTree.isRecording || page == committed, "FNRUN_RECORD=1 records")
    }

    @Test("Every mapping has a table")
    func allMappings() {
        var shown = Set(Self.tables.map(\.mapping.name)).union(Self.tables.flatMap(\.inlined))
        // Told in the words of a setting, of jobs or of smoke tests.
        shown.formUnion(["webhook", "defaults", "expectation"])
        #expect(Set(SchemaWalk.mappings(of: JobFileSchema.file).map(\.name)).isSubset(of: shown))
    }
}
