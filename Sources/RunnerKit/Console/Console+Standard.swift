extension Console {
    /// For what is said before options are known: errors alone.
    package static let standard = Console(quiet: false, color: nil, environment: [:])
}
