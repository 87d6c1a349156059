import JobModel
import Testing

@Suite struct ShardTests {
    @Test(arguments: [("1/1", 1, 1), ("2/4", 2, 4), ("007/10", 7, 10)])
    func readsIOfN(text: String, number: Int, total: Int) throws {
        let shard = try #require(Shard(text: text))
        #expect((shard.number, shard.total) == (number, total))
    }

    @Test(arguments: [
        "", "1", "0/4", "5/4", "1/0", "-1/4", "1/4/2", "a/b", "1/", "/4", "1 /4", "99999999999999999999/1",
    ])
    func refusesAnythingElse(text: String) {
        #expect(Shard(text: text) == nil)
    }

    @Test(arguments: 1...5)
    func everyRowBelongsToExactlyOneShard(total: Int) {
        let shards = (1...total).compactMap { Shard(number: $0, total: total) }
        for index in 0..<20 {
            #expect(shards.filter { $0.contains(index) }.map(\.number) == [index % total + 1])
        }
    }
}
