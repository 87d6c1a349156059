extension String {
    /// The UTF-8 bytes, without the copy that `withUTF8` wants of a string that is not a variable.
    @inlinable
    @inline(__always)
    package func withUTF8Bytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
        var copy = self
        return copy.withUTF8(body)
    }
}
