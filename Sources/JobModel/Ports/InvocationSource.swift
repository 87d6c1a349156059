/// Where a run's rows come from: reads and renders them on a queue of its own.
package protocol InvocationSource: Sendable {
    /// Reads up to `limit` further rows and hands them over, from any thread. One request is outstanding at a time;
    /// after a batch with ``PreparedBatch/isLast`` there is none.
    func read(upTo limit: Int, then deliver: @escaping @Sendable (PreparedBatch) -> Void)
}
