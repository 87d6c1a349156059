import Glibc
import JobModel
import Reactor
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct FileWatchTests {
    /// Watches, and gives what the handler is told.
    private struct Watched: ~Copyable {
        let watch: FileWatch
        var events: AsyncStream<FileWatch.Event>.Iterator

        init(files: [String] = [], folders: [String] = []) throws {
            let (stream, continuation) = AsyncStream<FileWatch.Event>.makeStream()
            watch = try FileWatch(
                files: files, folders: folders, named: { $0.hasSuffix(".yaml") }, queue: SerialQueue(label: "files"),
                debounce: .milliseconds(2)
            ) { continuation.yield($0) }
            events = stream.makeAsyncIterator()
        }

        mutating func next() async -> FileWatch.Event? { await events.next() }
    }

    @Test func noticesAFileWrittenInPlace() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a.yaml", "one".utf8)
        var watched = try Watched(files: [path])
        try folder.write("a.yaml", "three".utf8)
        #expect(await watched.next() == .changed)
    }

    @Test func noticesAFileReplacedByRename() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a.yaml", "one".utf8)
        var watched = try Watched(files: [path])
        for round in 1...3 {
            let new = try folder.write("a.yaml.new", "\(round)".utf8)
            #expect(rename(new, path) == 0)
            #expect(await watched.next() == .changed)
        }
    }

    @Test func noticesAFileThatGoesAndComes() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/jobs/deep/a.yaml"
        var watched = try Watched(files: [path])
        try folder.write("jobs/deep/a.yaml", "one".utf8)
        #expect(await watched.next() == .changed)
        #expect(unlink(path) == 0)
        #expect(await watched.next() == .changed)
        try folder.write("jobs/deep/a.yaml", "two".utf8)
        #expect(await watched.next() == .changed)
    }

    @Test func noticesALinkedFolderThatIsSwappedAsKubernetesDoes() async throws {
        let folder = try TemporaryFolder()
        for version in 1...3 { try folder.write("..\(version)/a.yaml", "same".utf8) }
        #expect(symlink("..1", "\(folder.path)/..data") == 0)
        #expect(symlink("..data/a.yaml", "\(folder.path)/a.yaml") == 0)
        var asFile = try Watched(files: ["\(folder.path)/a.yaml"])
        var asFolder = try Watched(folders: [folder.path])
        for version in 2...3 {
            #expect(symlink("..\(version)", "\(folder.path)/..data_tmp") == 0)
            #expect(rename("\(folder.path)/..data_tmp", "\(folder.path)/..data") == 0)
            #expect(await asFile.next() == .changed)
            #expect(await asFolder.next() == .changed)
        }
    }

    @Test func noticesFilesOfAFolderThatComeAndGo() async throws {
        let folder = try TemporaryFolder()
        try folder.write("a.yaml", "one".utf8)
        var watched = try Watched(folders: [folder.path])
        let path = try folder.write("b.yaml", "two".utf8)
        #expect(await watched.next() == .changed)
        #expect(rename(path, "\(folder.path)/c.yaml") == 0)
        #expect(await watched.next() == .changed)
        #expect(unlink("\(folder.path)/c.yaml") == 0)
        #expect(await watched.next() == .changed)
    }

    @Test func survivesAFolderThatIsDeletedAndMadeAgain() async throws {
        let folder = try TemporaryFolder()
        #expect(mkdir("\(folder.path)/jobs", 0o700) == 0)
        var watched = try Watched(folders: ["\(folder.path)/jobs"])
        #expect(rmdir("\(folder.path)/jobs") == 0)
        #expect(await watched.next() == .changed)
        #expect(mkdir("\(folder.path)/jobs", 0o700) == 0)
        #expect(await watched.next() == .changed)
        try folder.write("jobs/b.yaml", "two".utf8)
        #expect(await watched.next() == .changed)
    }

    @Test func noticesAFolderAboveThatIsExchanged() async throws {
        let folder = try TemporaryFolder()
        try folder.write("app/etc/jobs/a.yaml", "one".utf8)
        try folder.write("new/etc/jobs/a.yaml", "two".utf8)
        var watched = try Watched(files: ["\(folder.path)/app/etc/jobs/a.yaml"])
        #expect(rename("\(folder.path)/app", "\(folder.path)/old") == 0)
        #expect(rename("\(folder.path)/new", "\(folder.path)/app") == 0)
        #expect(await watched.next() == .changed)
        try folder.write("app/etc/jobs/a.yaml", "three, written in place".utf8)
        #expect(await watched.next() == .changed)
    }

    @Test func saysNothingOfWhatDoesNotCount() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a.yaml", "one".utf8)
        let count = Mutex(0)
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let queue = SerialQueue(label: "files")
        let watch = try FileWatch(
            files: [], folders: [folder.path], named: { $0.hasSuffix(".yaml") }, queue: queue,
            debounce: .milliseconds(1)
        ) { _ in
            count.withLock { $0 += 1 }
            continuation.yield()
        }
        try folder.write("results.jsonl", "x".utf8)
        try folder.write("state/ledger.yaml", "x".utf8)
        // What counts, but is the same again.
        #expect(rename(path, "\(folder.path)/b") == 0)
        #expect(rename("\(folder.path)/b", path) == 0)
        let (quiet, ended) = AsyncStream<Void>.makeStream()
        let alarm = Alarm(queue: queue) { ended.yield() }
        alarm.arm(at: SystemTimeSource().monotonicNow().advanced(by: .milliseconds(50)))
        var quietness = quiet.makeAsyncIterator()
        await quietness.next()
        #expect(count.withLock { $0 } == 0)
        try folder.write("z.yaml", "x".utf8)
        var events = stream.makeAsyncIterator()
        await events.next()
        withExtendedLifetime((alarm, watch)) {}
    }

    @Test func theLastOfManyChangesIsNotLost() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a.yaml", "".utf8)
        let (stream, continuation) = AsyncStream<String>.makeStream()
        let watch = try FileWatch(files: [path], queue: SerialQueue(label: "files"), debounce: .milliseconds(1)) { _ in
            guard let file = fopen(path, "r") else { return }
            defer { fclose(file) }
            var bytes = [UInt8](repeating: 0, count: 64)
            let length = fread(&bytes, 1, bytes.count, file)
            continuation.yield(String(decoding: bytes[..<length], as: UTF8.self))
        }
        for round in 0...300 { try folder.write("a.yaml", "\(round)".utf8) }
        var last: String?
        for await content in stream {
            last = content
            if content == "300" { break }
        }
        #expect(last == "300")
        withExtendedLifetime(watch) {}
    }

    /// The files are the same afterwards as before, and yet nobody knows.
    @Test func moreThanTheSystemCanReportIsReported() async throws {
        let folder = try TemporaryFolder()
        let queue = SerialQueue(label: "files")
        let (stream, continuation) = AsyncStream<FileWatch.Event>.makeStream()
        let watch = try FileWatch(files: [], folders: [folder.path], queue: queue, debounce: .milliseconds(1)) {
            continuation.yield($0)
        }
        let isHeldUp = Latch()
        queue.async { isHeldUp.wait() }
        // The system keeps 16384 events (/proc/sys/fs/inotify/max_queued_events) unless it was told otherwise.
        for _ in 0..<6000 {
            let path = try folder.write("passing.yaml", "x".utf8)
            unlink(path)
        }
        isHeldUp.open()
        var events = stream.makeAsyncIterator()
        #expect(await events.next() == .changed)
        withExtendedLifetime(watch) {}
    }

    @Test func relativePathsAreThoseOfTheWorkingFolder() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a.yaml", "one".utf8)
        let climb = String(repeating: "../", count: 32)
        var watched = try Watched(files: [climb + path.dropFirst()])
        try folder.write("a.yaml", "three".utf8)
        #expect(await watched.next() == .changed)
    }
}
