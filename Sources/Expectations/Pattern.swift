internal import CPCRE

/// A regular expression in the language of PCRE2 (pcre2pattern(3)), compiled once.
///
/// It is looked for anywhere in a text, which is taken as Unicode: `\w` and `\d` know all of it. Work is limited,
/// because a pattern such as `(a+)+$` would take years over a text that somebody else has written: see
/// ``Match/undecided``.
package struct Pattern: Sendable {
    /// Why a text is no pattern.
    package struct Problem: Error, Sendable, Hashable {
        /// In UTF-8 bytes from the start of the text.
        package var offset: Int
        /// As the library words it, one line.
        package var message: String
    }

    package enum Match: Sendable, Hashable {
        case found, absent
        /// It would take too long to find out.
        case undecided
    }

    /// Steps of matching, which take a second at most.
    static let stepLimit = 20_000_000

    package let text: String
    private let code: Code

    /// What the library made of the text.
    ///
    /// Sendable unchecked: a compiled pattern is only read (pcre2api(3), "Multithreading").
    private final class Code: @unchecked Sendable {
        let pointer: OpaquePointer

        init(_ pointer: OpaquePointer) {
            self.pointer = pointer
        }

        deinit { pcre2_code_free_8(pointer) }
    }

    package init(_ text: String) throws(Problem) {
        var number: Int32 = 0
        var offset = 0
        let bytes = Array(text.utf8)
        // Callouts before each item of the pattern count the work; their cost is of no weight here.
        let pointer = pcre2_compile_8(
            bytes, bytes.count, PCRE2_UTF | PCRE2_UCP | PCRE2_AUTO_CALLOUT | PCRE2_NEVER_BACKSLASH_C, &number, &offset,
            nil)
        guard let pointer else {
            throw Problem(offset: Swift.min(offset, bytes.count), message: Self.message(number))
        }
        self.text = text
        code = Code(pointer)
    }

    /// Whether the pattern is found anywhere in a text.
    package func match(_ text: String) -> Match {
        guard let data = pcre2_match_data_create_8(1, nil) else { return .undecided }
        defer { pcre2_match_data_free_8(data) }
        guard let context = pcre2_match_context_create_8(nil) else { return .undecided }
        defer { pcre2_match_context_free_8(context) }
        // In KiB: of what backtracking remembers.
        pcre2_set_heap_limit_8(context, 64 << 10)
        pcre2_set_match_limit_8(context, UInt32(Self.stepLimit))
        var steps = Steps()
        return withUnsafeMutableBytes(of: &steps) { steps in
            pcre2_set_callout_8(context, { Steps.count($0, $1) }, steps.baseAddress)
            var text = text
            let result = text.withUTF8 { bytes in
                pcre2_match_8(
                    code.pointer, bytes.baseAddress, bytes.count, 0, UInt32(PCRE2_NO_UTF_CHECK), data, context)
            }
            // One pair of offsets holds the match; groups that find no room there are none of our business.
            return result >= 0 ? .found : result == PCRE2_ERROR_NOMATCH ? .absent : .undecided
        }
    }

    /// The work of one match: what was tried, and the characters that were passed over in between.
    private struct Steps {
        private var taken = 0
        private var position = 0

        /// Called before each item of the pattern is tried (pcre2callout(3)).
        static func count(
            _ block: UnsafeMutablePointer<pcre2_callout_block_8>?, _ data: UnsafeMutableRawPointer?
        ) -> Int32 {
            guard let block, let steps = data?.assumingMemoryBound(to: Steps.self) else { return 0 }
            let now = block.pointee.current_position
            steps.pointee.taken += 1 + abs(now - steps.pointee.position)
            steps.pointee.position = now
            return steps.pointee.taken > Pattern.stepLimit ? PCRE2_ERROR_MATCHLIMIT : 0
        }
    }

    private static func message(_ number: Int32) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
            let count = pcre2_get_error_message_8(number, buffer.baseAddress, buffer.count)
            guard count > 0 else { return "is no regular expression" }
            return String(decoding: UnsafeBufferPointer(rebasing: buffer.prefix(Int(count))), as: UTF8.self)
        }
    }
}
