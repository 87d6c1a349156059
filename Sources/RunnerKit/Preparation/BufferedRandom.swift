internal import Glibc

/// The system's random numbers, fetched many at a time: a system call for each would cost more than its use.
struct BufferedRandom: RandomNumberGenerator, Sendable {
    private static let capacity = 256
    private var numbers: [UInt64] = []

    mutating func next() -> UInt64 {
        if numbers.isEmpty { refill() }
        return numbers.removeLast()
    }

    private mutating func refill() {
        numbers = [UInt64](repeating: 0, count: Self.capacity)
        // getrandom(2) gives up to 256 bytes in one piece once the system is up; getentropy(3) wraps just that.
        let piece = 32
        for start in stride(from: 0, to: Self.capacity, by: piece) {
            let filled = numbers.withUnsafeMutableBytes { bytes in
                getentropy(bytes.baseAddress.map { $0 + start * 8 }, piece * 8)
            }
            guard filled == 0 else { return fillBySystemGenerator() }
        }
    }

    private mutating func fillBySystemGenerator() {
        var system = SystemRandomNumberGenerator()
        for index in numbers.indices { numbers[index] = system.next() }
    }
}
