/// Where an input's bytes come from.
protocol ByteSource: AnyObject, SendableMetatype {
    /// Reads at least one byte, waiting for it if need be; 0 at the end, and from then on.
    ///
    /// - Parameter buffer: never empty.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int
    /// Whether a read would return without waiting.
    var isReady: Bool { get }
}

/// A source that can be read a second time.
protocol RewindableByteSource: ByteSource {
    /// Goes back to the first byte, and counts the bytes read from 0 again.
    func rewind() throws(InputError)
}
