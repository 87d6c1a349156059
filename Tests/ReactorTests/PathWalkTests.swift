import Glibc
import TestSupport
import Testing

@testable import Reactor

@Suite struct PathWalkTests {
    @Test func notesTheFoldersOnTheWay() throws {
        let folder = try TemporaryFolder()
        try folder.write("a/b/job.yaml", "x".utf8)
        var walk = PathWalk()
        let found = walk.follow("\(folder.path)//a/./b/../b/job.yaml")
        #expect(found == "\(folder.path)/a/b/job.yaml")
        #expect(walk.folders["\(folder.path)/a/b"]?.names == ["job.yaml"])
        #expect(walk.folders["\(folder.path)/a"]?.isPassedThrough == true)
        #expect(walk.folders["\(folder.path)"]?.isPassedThrough == true)
        #expect(walk.folders[""]?.isPassedThrough == true)
    }

    @Test func followsLinksAsKubernetesSetsThem() throws {
        let folder = try TemporaryFolder()
        try folder.write("..2026_01/a.yaml", "x".utf8)
        #expect(symlink("..2026_01", "\(folder.path)/..data") == 0)
        #expect(symlink("..data/a.yaml", "\(folder.path)/a.yaml") == 0)
        var walk = PathWalk()
        #expect(walk.follow("\(folder.path)/a.yaml") == "\(folder.path)/..2026_01/a.yaml")
        #expect(walk.folders[folder.path]?.names == ["a.yaml", "..data"])
        #expect(walk.folders["\(folder.path)/..2026_01"]?.names == ["a.yaml"])
    }

    @Test func absoluteLinksBeginAtTheRoot() throws {
        let folder = try TemporaryFolder()
        try folder.write("releases/1/jobs/a.yaml", "x".utf8)
        #expect(symlink("\(folder.path)/releases/1", "\(folder.path)/current") == 0)
        var walk = PathWalk()
        #expect(walk.follow("\(folder.path)/current/jobs/a.yaml") == "\(folder.path)/releases/1/jobs/a.yaml")
        #expect(walk.folders[folder.path]?.names == ["current"])
    }

    @Test func stopsWhereNothingIs() throws {
        let folder = try TemporaryFolder()
        try folder.write("file", "x".utf8)
        #expect(symlink("loop", "\(folder.path)/loop") == 0)
        #expect(symlink("gone/away", "\(folder.path)/dangling") == 0)
        for (path, name) in [("no/such/file", "no"), ("file/below", "file"), ("loop", "loop"), ("dangling", "gone")] {
            var walk = PathWalk()
            #expect(walk.follow("\(folder.path)/\(path)") == nil)
            #expect(walk.folders[folder.path]?.names.contains(name) == true, "\(path)")
        }
    }

    @Test func readsTheFilesOfAFolder() throws {
        let folder = try TemporaryFolder()
        try folder.write("jobs/a.yaml", "x".utf8)
        try folder.write("jobs/notes.txt", "x".utf8)
        try folder.write("else/b.yaml", "x".utf8)
        #expect(symlink("../else/b.yaml", "\(folder.path)/jobs/b.yaml") == 0)
        var walk = PathWalk()
        let names = walk.followFolder("\(folder.path)/jobs") { $0.hasSuffix(".yaml") }
        #expect(names?.sorted() == ["a.yaml", "b.yaml"])
        #expect(walk.folders["\(folder.path)/jobs"]?.includesContents == true)
        #expect(walk.folders["\(folder.path)/else"]?.names == ["b.yaml"])
        #expect(walk.folders["\(folder.path)"]?.names == ["jobs"])
        #expect(walk.followFolder("\(folder.path)/none") { _ in true } == nil)
    }
}

@Suite struct InotifyTests {
    @Test func readsWholeEventsAndLeavesOutCutOnes() {
        var bytes: [UInt8] = []
        func append(_ value: UInt32) { withUnsafeBytes(of: value) { bytes += $0 } }
        for name in ["a.yaml\0\0", ""] {
            append(7)
            append(UInt32(IN_CREATE))
            append(0)
            append(UInt32(name.utf8.count))
            bytes += name.utf8
        }
        let whole = bytes.count
        append(8)
        append(UInt32(IN_DELETE))
        append(0)
        append(100)
        bytes += "cut".utf8
        let expected = [
            Inotify.Event(watch: 7, mask: UInt32(IN_CREATE), name: "a.yaml"),
            Inotify.Event(watch: 7, mask: UInt32(IN_CREATE), name: ""),
        ]
        for length in [bytes.count, whole, whole + 5] {
            var events: [Inotify.Event] = []
            bytes[..<length].withUnsafeBytes { Inotify.parse($0, into: &events) }
            #expect(events == expected)
        }
        #expect(expected[0].has(IN_CREATE))
        #expect(!expected[0].has(IN_DELETE, IN_Q_OVERFLOW))
    }

    @Test func tellsWhichFolderCannotBeWatched() throws {
        var inotify = try Inotify()
        defer { close(inotify.descriptor) }
        let impossible = "/" + String(repeating: "x", count: 5000)
        let interest = PathWalk.Interest(names: ["a.yaml"])
        let problem = inotify.watch([impossible: interest, "/tmp": interest, "/no such folder": interest])
        #expect(problem == "\(impossible) cannot be watched: File name too long")
        #expect(inotify.watches.count == 1)
        // One that is only passed through is no loss; and what is not wanted any more is not watched.
        #expect(inotify.watch([impossible: PathWalk.Interest()]) == nil)
        #expect(inotify.watches.isEmpty)
    }
}
