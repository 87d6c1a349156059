import ArgumentParser
import RunnerKit

/// A part of the rows on the command line: `2/4`, or `auto`.
struct ShardArgument: ExpressibleByArgument {
    var choice: ShardChoice

    init?(argument: String) {
        guard let choice = ShardChoice(text: argument) else { return nil }
        self.choice = choice
    }
}
