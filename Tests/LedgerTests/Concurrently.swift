import Glibc
import Synchronization
import TestSupport

/// Does something with each value on a thread of its own, all at once.
func concurrently<Value: Sendable, Result: Sendable>(
    _ values: [Value], _ body: @escaping @Sendable (Value) throws -> Result
) throws -> [Result] {
    let results = Mutex<[Swift.Result<Result, any Error>]>([])
    let (gate, running) = (Latch(), Countdown(values.count))
    let shared = Shared(results)
    for value in values {
        onThread {
            gate.wait()
            let result = Swift.Result { try body(value) }
            shared.results.withLock { $0.append(result) }
            running.finish()
        }
    }
    gate.open()
    guard running.waitUntilZero() else { throw Unfinished() }
    return try shared.results.withLock { $0 }.map { try $0.get() }
}

/// Does something on a thread of its own, and waits for it.
func alone<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) throws -> Result {
    let results = try concurrently([()]) { try body() }
    guard let result = results.first else { throw Unfinished() }
    return result
}

struct Unfinished: Error {}

private final class Shared<State: ~Copyable & Sendable>: Sendable {
    let results: State
    init(_ results: consuming State) { self.results = results }
}

private func onThread(_ work: @escaping @Sendable () -> Void) {
    final class Box {
        let work: @Sendable () -> Void
        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }
    var thread = pthread_t()
    pthread_create(
        &thread, nil,
        { context in
            if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().work() }
            return nil
        }, Unmanaged.passRetained(Box(work)).toOpaque())
    pthread_detach(thread)
}
