/// A value that must appear in no log, record, message or process list.
///
/// Printing it in any way gives `***`. ``reveal()`` is the only way to the value: call it where the value goes onto
/// the wire and nowhere else.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    package init(_ value: String) {
        self.value = value
    }

    /// The secret itself, to be put onto the wire.
    package func reveal() -> String {
        value
    }

    package var isEmpty: Bool { value.isEmpty }
    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
