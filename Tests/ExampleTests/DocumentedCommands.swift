import Foundation

/// The shell commands of a page: its `sh` blocks, each a script, and what stands behind `$ ` in its `console` blocks.
///
/// A comment `# exit code N` behind a line says what it exits with if not 0. A block that cannot be run says why in a
/// line before it: `<!-- not run: needs a Docker engine -->`.
struct DocumentedCommands {
    struct Block: Sendable, Equatable {
        /// Of the page, from 1.
        var line: Int
        var lines: [String]
        /// Why it is not run; nil if it is.
        var whyNotRun: String?
    }

    private(set) var blocks: [Block] = []

    init(_ page: String) {
        var block: Block?
        var isConsole = false
        var reason: String?
        for (number, line) in page.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("<!-- not run: "), line.hasSuffix(" -->") {
                reason = String(line.dropFirst(14).dropLast(4))
            } else if line == "```sh" || line == "```console" {
                block = Block(line: number + 1, lines: [], whyNotRun: reason)
                isConsole = line == "```console"
            } else if line.hasPrefix("```") {
                if let block { blocks.append(block) }
                (block, reason) = (nil, nil)
            } else if let begun = block {
                // A command goes on behind a pipe or a backslash; the rest of a console is what was printed.
                let goesOn = begun.lines.last.map { $0.hasSuffix("|") || $0.hasSuffix("\\") } ?? false
                if !isConsole || goesOn {
                    block?.lines.append(String(line))
                } else if line.hasPrefix("$ ") {
                    block?.lines.append(String(line.dropFirst(2)))
                }
            } else if !line.isEmpty {
                reason = nil
            }
        }
    }
}

extension DocumentedCommands.Block {
    /// The block as a script that ends with the first line that does not do what the page says.
    var script: String {
        var script = "set -euo pipefail\n"
        for line in lines {
            let parts = line.components(separatedBy: "# exit code ")
            if parts.count == 2, let code = Int32(parts[1].prefix { $0.isNumber }) {
                let command = parts[0].trimmingCharacters(in: .whitespaces)
                script += "status=0; { \(command); } || status=$?; [ $status -eq \(code) ]\n"
            } else {
                script += line + "\n"
            }
        }
        return script
    }
}
