import Digest
import Testing

/// Vectors of FIPS 180-4's examples (NIST CSRC, "SHA256.pdf").
@Suite struct SHA256Tests {
    @Test func agreesWithThePublishedVectors() {
        #expect(
            SHA256.hexadecimal(of: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            SHA256.hexadecimal(of: Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func theDigestSoFarDoesNotDisturbWhatFollows() {
        var digest = SHA256()
        digest.update(Array("a".utf8))
        #expect(digest.hexadecimal() == SHA256.hexadecimal(of: Array("a".utf8)))
        digest.update(Array("bc".utf8))
        #expect(digest.hexadecimal() == SHA256.hexadecimal(of: Array("abc".utf8)))
    }
}
