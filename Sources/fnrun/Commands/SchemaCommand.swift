import ArgumentParser
import RunnerKit

struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of job files, for editors.",
        usage: "fnrun schema [<options>]",
        discussion: """
            Editors that speak to the YAML language server complete and explain the settings
            of a job file that begins with the line
              # yaml-language-server: $schema=job.schema.json
            The file named there is what this command prints; 'fnrun init' writes both.

            Examples:
              fnrun schema > job.schema.json
            """)

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let command = PrintSchema(common: try common.settings())
        try await exit(common.format) { try command.execute() }
    }
}
