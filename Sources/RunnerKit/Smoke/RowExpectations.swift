internal import Expectations
internal import JobModel
internal import Synchronization
internal import Templating

/// What a smoke test expects of the rows of a run, from when they are rendered until they have ended: templates in
/// expected values see the same row, key and time as the payload.
final class RowExpectations: Sendable {
    let expectations: ExpectationSet
    private let rendered = Mutex<[Int: [RenderedValue?]]>([:])

    init(_ expectations: ExpectationSet) {
        self.expectations = expectations
    }

    /// Renders what is expected of a row that is about to be sent.
    func note(_ row: PreparedRow, _ context: inout RenderContext) {
        guard expectations.dependsOnRow, case .request = row.content else { return }
        let values = expectations.render(context: &context)
        rendered.withLock { $0[row.index] = values }
    }

    /// What is expected of a row that has ended; it is forgotten.
    func take(_ index: Int) -> [RenderedValue?] {
        rendered.withLock { $0.removeValue(forKey: index) ?? [] }
    }
}
