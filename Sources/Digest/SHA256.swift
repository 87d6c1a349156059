internal import CCrypto

/// SHA-256 (FIPS 180-4), by OpenSSL: bytes go in piece by piece, and the digest so far can be read at any point.
package struct SHA256: ~Copyable {
    private let context: OpaquePointer

    package init() {
        // No input leads here: OpenSSL fails only where malloc does, and then nothing can be said any more.
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            fatalError("OpenSSL cannot make a SHA-256 context: out of memory")
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of everything so far, as 64 lower-case hexadecimal digits; more may follow afterwards.
    package func hexadecimal() -> String {
        // As in ``init()``.
        guard let copy = EVP_MD_CTX_new() else { fatalError("OpenSSL cannot copy a SHA-256 context: out of memory") }
        defer { EVP_MD_CTX_free(copy) }
        EVP_MD_CTX_copy_ex(copy, context)
        return String(unsafeUninitializedCapacity: 64) { text in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digest in
                var length: UInt32 = 32
                EVP_DigestFinal_ex(copy, digest.baseAddress, &length)
                for (position, byte) in digest.enumerated() {
                    text[2 * position] = Self.hexadecimalDigit(byte >> 4)
                    text[2 * position + 1] = Self.hexadecimalDigit(byte & 0xF)
                }
            }
            return 64
        }
    }

    private static func hexadecimalDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? 48 + nibble : 87 + nibble
    }

    /// The digest of some bytes, as 64 lower-case hexadecimal digits.
    package static func hexadecimal(of bytes: [UInt8]) -> String {
        var digest = SHA256()
        digest.update(bytes)
        return digest.hexadecimal()
    }
}
