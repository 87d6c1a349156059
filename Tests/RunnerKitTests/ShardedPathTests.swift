import JobModel
import TestSupport
import Testing

@testable import RunnerKit

@Suite struct ShardedPathTests {
    @Test(arguments: [
        ("out.jsonl", "out-2-of-4.jsonl"), ("results/a.b/out.jsonl", "results/a.b/out-2-of-4.jsonl"),
        ("a.b/out", "a.b/out-2-of-4"), (".hidden", ".hidden-2-of-4"), ("-", "-"), ("x/.h.jsonl", "x/.h-2-of-4.jsonl"),
        ("out-2-of-4.jsonl", "out-2-of-4.jsonl"), ("out-2-of-4", "out-2-of-4"),
    ])
    func theShardIsPartOfTheName(path: String, expected: String) throws {
        #expect(ShardedPath.path(path, shard: Shard(number: 2, total: 4)) == expected)
        #expect(ShardedPath.path(path, shard: nil) == path)
    }

    @Test func aFileThatExistsIsResumedByItsName() throws {
        let folder = try TemporaryFolder()
        let shard = Shard(number: 1, total: 2)
        let path = folder.path + "/out.jsonl"
        #expect(ShardedPath.resumed(path, shard: shard) == folder.path + "/out-1-of-2.jsonl")
        _ = try folder.write("out.jsonl", Array("{}".utf8))
        #expect(ShardedPath.resumed(path, shard: shard) == path)
    }
}
