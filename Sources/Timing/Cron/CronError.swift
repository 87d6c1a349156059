/// What is wrong with a cron expression, and where.
package struct CronError: Error, Sendable, Hashable {
    /// One line that names the field, the value and what is permitted, without a full stop.
    package var message: String
    /// What to write instead, one line; nil if there is nothing to suggest.
    package var hint: String?
    /// The wrong part, as UTF-8 offsets in the expression's text; empty only if there is no text.
    package var range: Range<Int>

    package init(message: String, hint: String? = nil, range: Range<Int>) {
        self.message = message
        self.hint = hint
        self.range = range
    }
}
