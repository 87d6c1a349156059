import BinarySupport
import Foundation
import Testing

@Suite("Manual pages and installation", .serialized)
struct InstallTests {
    private static let pages = (try? SourceTree.paths(below: "share/man/man1", endingIn: [".1"])) ?? []

    @Test("The manual pages are what the help texts say; 'make manual' writes them")
    func current() async throws {
        let script = "scripts/manual '\(try BuiltBinary.url.path)' --check"
        let result = try await Shell.run(script, in: SourceTree.root)
        #expect(result.status == 0, "\(result.output)")
    }

    @Test("A page that is missing, or says something else, is found")
    func outdated() async throws {
        let folder = try TemporaryFolder()
        let script = """
            mkdir scripts && cp '\(SourceTree.root.path)/scripts/manual' scripts/
            scripts/manual '\(try BuiltBinary.url.path)' && scripts/manual '\(try BuiltBinary.url.path)' --check || exit 9
            sed -i 's/^\\.TH \\(.*\\) 1 [0-9-]*/.TH \\1 1 2001-02-03/' share/man/man1/fnrun.1
            scripts/manual '\(try BuiltBinary.url.path)' --check || exit 8
            rm share/man/man1/fnrun-plan.1; echo more >> share/man/man1/fnrun-why.1; touch share/man/man1/fnrun-old.1
            scripts/manual '\(try BuiltBinary.url.path)' --check
            """
        let result = try await Shell.run(script, in: folder.url)
        #expect(result.status == 1, "\(result.output)")
        #expect(result.output.contains("fnrun-old.1, fnrun-plan.1, fnrun-why.1;"), "\(result.output)")
    }

    @Test("Formatters accept the pages without a warning", arguments: pages)
    func formats(page: String) async throws {
        let groff = try await Shell.run("LC_ALL=C.UTF-8 groff -man -ww -z -Tutf8 '\(page)'", in: SourceTree.root)
        #expect(groff.status == 0 && groff.output.isEmpty, "\(groff.output)")
        // Pages refer to each other before they are installed.
        let mandoc = try await Shell.run(
            "mandoc -T lint -W warning '\(page)' | grep -v 'referenced manual not found' || true", in: SourceTree.root)
        #expect(mandoc.output.isEmpty, "\(mandoc.output)")
    }

    @Test("make install puts binary, pages and completions below DESTDIR and PREFIX; uninstall leaves none")
    func install() async throws {
        let folder = try TemporaryFolder()
        let variables = "PREFIX=/opt/fnrun DESTDIR='\(folder.url.path)' BINARY='\(try BuiltBinary.url.path)'"
        let made = try await Shell.run("make --no-print-directory install \(variables)", in: SourceTree.root)
        #expect(made.status == 0, "\(made.output)")
        let root = folder.url.path + "/opt/fnrun"
        let files = try FileManager.default.subpathsOfDirectory(atPath: root)
        try #require(!Self.pages.isEmpty)
        for file in Self.pages + [
            "bin/fnrun", "share/bash-completion/completions/fnrun", "share/zsh/site-functions/_fnrun",
            "share/fish/vendor_completions.d/fnrun.fish",
        ] {
            #expect(files.contains(file), "\(file)")
            let size = try FileManager.default.attributesOfItem(atPath: "\(root)/\(file)")[.size] as? Int
            #expect((size ?? 0) > 100, "\(file)")
        }
        let version = try await Shell.run("bin/fnrun --version", in: folder.url.appendingPathComponent("opt/fnrun"))
        #expect(version.status == 0 && !version.output.isEmpty)
        let removed = try await Shell.run("make --no-print-directory uninstall \(variables)", in: SourceTree.root)
        #expect(removed.status == 0, "\(removed.output)")
        #expect(try await Shell.run("find . -type f", in: folder.url).output.isEmpty)
    }
}
