import ArgumentParser
import RunnerKit

/// A part of the rows on the command line: `2/4`, or `auto`.
struct ShardArgument {
    var choice: ShardChoice

    /// - Throws: a message that says what is wanted.
    static func parse(_ argument: String) throws -> ShardArgument {
        guard let choice = ShardChoice(text: argument) else {
            throw ValidationError("'\(argument)' is no part of the rows: I/N with I from 1 to N, such as 2/4, or auto")
        }
        return ShardArgument(choice: choice)
    }
}
