/// What `fnrun replay` is told besides what every run is.
package struct ReplaySettings: Sendable {
    /// `--from`: the input, or the result file whose rows are to be redriven; `-` is stdin.
    package var from: String
    /// `--only failed`: the rows of a result file that were not done.
    package var redrives = false
    /// `--input`: the input of which the result file tells; its rows are rendered anew.
    package var originalInput: String?

    package init(from: String) {
        self.from = from
    }
}
