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
        digest().hexadecimal
    }

    /// The digest of everything so far; more may follow afterwards.
    package func digest() -> SHA256Digest {
        // As in ``init()``.
        guard let copy = EVP_MD_CTX_new() else { fatalError("OpenSSL cannot copy a SHA-256 context: out of memory") }
        defer { EVP_MD_CTX_free(copy) }
        EVP_MD_CTX_copy_ex(copy, context)
        return SHA256Digest { bytes in
            var length: UInt32 = 32
            EVP_DigestFinal_ex(copy, bytes.baseAddress, &length)
        }
    }

    /// The digest of some bytes, as 64 lower-case hexadecimal digits.
    package static func hexadecimal(of bytes: [UInt8]) -> String {
        digest(of: bytes).hexadecimal
    }

    /// The digest of some bytes.
    package static func digest(of bytes: [UInt8]) -> SHA256Digest {
        SHA256Digest { digest in
            var length: UInt32 = 32
            let isDone = bytes.withUnsafeBytes { bytes in
                EVP_Digest(bytes.baseAddress, bytes.count, digest.baseAddress, &length, EVP_sha256(), nil)
            }
            // As in ``init()``.
            guard isDone == 1 else { fatalError("OpenSSL cannot make a SHA-256 context: out of memory") }
        }
    }
}
