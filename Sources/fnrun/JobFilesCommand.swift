import ArgumentParser

/// A command that reads any number of job files, and folders of them.
protocol JobFilesCommand: AsyncParsableCommand {
    var paths: [String] { get }
}
