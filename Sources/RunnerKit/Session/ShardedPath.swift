internal import Glibc
internal import JobModel

/// Names of result files that tell shards apart: `out.jsonl` of the second of four is `out-2-of-4.jsonl`.
enum ShardedPath {
    /// The output of a shard; standard output and a run without shards keep their names.
    static func path(_ path: String, shard: Shard?) -> String {
        guard let shard, path != "-" else { return path }
        let mark = "-\(shard.number)-of-\(shard.total)"
        let nameStart = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        // A dot at the beginning of a name hides it and begins no extension.
        guard let dot = path[nameStart...].dropFirst().lastIndex(of: ".") else {
            return path.hasSuffix(mark) ? path : path + mark
        }
        return path[..<dot].hasSuffix(mark) ? path : path[..<dot] + mark + path[dot...]
    }

    /// The file that a shard goes on in: the one that is named if it exists, else the shard's own beside it, so that
    /// all tasks of an array job may be given the same command.
    static func resumed(_ path: String, shard: Shard?) -> String {
        access(path, F_OK) == 0 ? path : self.path(path, shard: shard)
    }
}
