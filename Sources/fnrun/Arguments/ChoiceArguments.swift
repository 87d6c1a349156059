import ArgumentParser
import JobModel
import RunnerKit

extension CommonSettings.Format: ExpressibleByArgument {}
extension CommonSettings.LogLevel: ExpressibleByArgument {}
extension ConsoleLogHandler.Format: ExpressibleByArgument {}
extension RunSettings.Progress: ExpressibleByArgument {}
extension InputFormat: ExpressibleByArgument {}
