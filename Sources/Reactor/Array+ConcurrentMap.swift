internal import Dispatch
import Synchronization

extension Array where Element: Sendable {
    /// What `transform` makes of each element, in the order of the elements; several threads share the work.
    ///
    /// - Parameter width: at most so many elements are worked on at a time, which bounds the memory that the work needs
    ///   while it is done. There are never more threads than cores.
    package func concurrentMap<Value: Sendable>(
        width: Int, _ transform: @Sendable (Element) -> Value
    ) -> [Value] {
        guard width > 1, count > 1 else { return map(transform) }
        let next = Atomic(startIndex)
        let results = Mutex<[(position: Int, value: Value)]>([])
        DispatchQueue.concurrentPerform(iterations: Swift.min(width, count)) { _ in
            while true {
                let position = next.add(1, ordering: .relaxed).oldValue
                guard position < endIndex else { return }
                let value = transform(self[position])
                results.withLock { $0.append((position, value)) }
            }
        }
        return results.withLock { $0.sorted { $0.position < $1.position }.map(\.value) }
    }
}
