/// What becomes of the one attempt that leaves under a token in doubt.
enum TokenProbe: Sendable {
    case left
    case accepted
    /// No answer, or one that says nothing about the token.
    case unanswered
}
