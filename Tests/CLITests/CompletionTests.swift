import BinarySupport
import Foundation
import Testing

@Suite("Shell completions", .serialized)
struct CompletionTests {
    private static let jobFile = """
        jobs:
          nightly-sync: { lambda: a }
          heartbeat: { lambda: b, unknown: "${NOT_SET}" }
          "not a name": {}
        """

    /// A folder with job files and the scripts of all shells, and the binary on the path.
    private struct Desk {
        let binary: BuiltBinary
        private let path: String

        init() async throws {
            binary = try BuiltBinary()
            path = try BuiltBinary.url.deletingLastPathComponent().path
            try binary.write(CompletionTests.jobFile, to: "jobs.yaml")
            try binary.write("jobs: { weekly: {} }", to: "folder/more.yml")
            try binary.write("", to: "notes.txt")
            for shell in ["bash", "zsh", "fish"] {
                let script = try await binary.run(["completions", shell])
                #expect(script.status == 0 && script.errors.isEmpty, "\(script.errors)")
                try binary.write(script.output, to: "scripts/\(shell)")
            }
        }

        func shell(_ script: String) async throws -> (status: Int32, output: String) {
            try await Shell.run("export PATH='\(path)':\"$PATH\"\n\(script)", in: binary.folder)
        }

        /// What bash offers for a line whose last word is being typed.
        func bash(_ words: [String]) async throws -> [String] {
            let quoted = words.map { "'\($0)'" }.joined(separator: " ")
            let result = try await shell(
                """
                source scripts/bash
                function=$(complete -p fnrun | sed -E 's/.*-F ([^ ]+).*/\\1/')
                COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1)
                COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
                "$function" fnrun "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
                printf '%s\\n' "${COMPREPLY[@]}"
                """)
            #expect(result.status == 0, "\(result.output)")
            return result.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        }

        /// The same of fish, without descriptions.
        func fish(_ line: String) async throws -> [String] {
            let result = try await shell("HOME=$PWD fish --no-config -c 'source scripts/fish; complete -C \"\(line)\"'")
            #expect(result.status == 0, "\(result.output)")
            return result.output.split(separator: "\n").compactMap { $0.split(separator: "\t").first.map(String.init) }
        }
    }

    @Test("Every shell accepts its script", arguments: ["bash", "zsh", "fish"])
    func syntax(shell: String) async throws {
        let desk = try await Desk()
        let result = try await desk.shell("HOME=$PWD \(shell) -n scripts/\(shell)")
        #expect(result.status == 0 && result.output.isEmpty, "\(result.output)")
    }

    @Test("bash completes commands, options, closed sets, files and jobs")
    func bash() async throws {
        let desk = try await Desk()
        #expect(try await desk.bash(["fnrun", "sched"]) == ["schedule"])
        #expect(try await desk.bash(["fnrun", "run", "jobs.yaml", "--conc"]) == ["--concurrency"])
        #expect(try await desk.bash(["fnrun", "run", "jobs.yaml", "--progress", "p"]) == ["plain"])
        #expect(try await desk.bash(["fnrun", "run", ""]).sorted().contains("jobs.yaml"))
        #expect(try await !desk.bash(["fnrun", "run", ""]).contains("notes.txt"))
        #expect(try await desk.bash(["fnrun", "run", "jobs.yaml", "--job", ""]) == ["nightly-sync", "heartbeat"])
        #expect(try await desk.bash(["fnrun", "run", "jobs.yaml", "-j", "n"]) == ["nightly-sync"])
        #expect(try await desk.bash(["fnrun", "completions", "f"]) == ["fish"])
    }

    @Test("fish completes commands, options, closed sets and files")
    func fish() async throws {
        let desk = try await Desk()
        #expect(try await desk.fish("fnrun sched") == ["schedule"])
        #expect(try await desk.fish("fnrun run jobs.yaml --conc") == ["--concurrency"])
        #expect(try await desk.fish("fnrun run jobs.yaml --progress p") == ["plain"])
        #expect(try await desk.fish("fnrun run ").contains("jobs.yaml"))
        #expect(try await !desk.fish("fnrun run ").contains("notes.txt"))
    }

    @Test("zsh loads its script as a function of its completion system")
    func zsh() async throws {
        let desk = try await Desk()
        let result = try await desk.shell(
            """
            mkdir functions && cp scripts/zsh functions/_fnrun
            HOME=$PWD zsh -f -c 'fpath=($PWD/functions $fpath); autoload -Uz compinit; compinit -u -d $PWD/dump
            print -r -- ${_comps[fnrun]}; autoload +X -Uz _fnrun && print loaded'
            """)
        #expect(result.status == 0 && result.output == "_fnrun\nloaded\n", "\(result.output)")
    }

    @Test(
        "Names of jobs come from the files on the line, else from the working directory, and nothing is ever said",
        arguments: [
            (["run", "jobs.yaml"], ["heartbeat", "nightly-sync"]), (["run", "folder"], ["weekly"]),
            (["run", "jobs.yaml", "folder/more.yml"], ["heartbeat", "nightly-sync", "weekly"]),
            (["run"], ["heartbeat", "nightly-sync"]), (["run", "missing.yaml"], []), (["run", "torn.yaml"], []),
            (["run", "pipe.yaml"], []),
        ])
    func jobNames(words: [String], expected: [String]) async throws {
        let desk = try await Desk()
        if words.contains("torn.yaml") { try desk.binary.write("jobs: { a: [", to: "torn.yaml") }
        if words.contains("pipe.yaml") { mkfifo(desk.binary.folder.path + "/pipe.yaml", 0o600) }
        let offered = try await desk.bash(["fnrun"] + words + ["--job", ""])
        #expect(offered.sorted() == expected)
    }
}
