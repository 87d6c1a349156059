extension Console {
    /// For what is said before options are known: errors alone.
    package static let standard = Console(quiet: false, color: nil, environment: [:])

    /// For what keeps a command from its work.
    ///
    /// - Parameter format: how failures are told.
    package static func standard(_ format: CommonSettings.Format) -> Console {
        Console(quiet: false, color: nil, format: format, environment: [:])
    }
}
