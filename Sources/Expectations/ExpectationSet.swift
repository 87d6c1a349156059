package import JobModel
package import Templating

/// All that a job expects of each of its invocations. A class, because jobs are copied and this never changes.
package final class ExpectationSet: Sendable {
    /// In the order of the file; what is implied comes first.
    package let expectations: [Expectation]
    /// What the templates of the expected values depend on.
    package let templateUse: TemplateUse
    /// An expected value differs by row.
    package let dependsOnRow: Bool
    private let needsResponse: Bool

    /// Unless an expectation looks at status or outcome, `outcome: succeeded` is implied.
    ///
    /// - Parameter location: of the setting as a whole, for what is implied.
    package init(_ expectations: [Expectation], location: SourceLocation) {
        let isOutcomeGiven = expectations.contains { $0.root == .status || $0.root == .outcome }
        let implied = Expectation(.outcome([.succeeded]), text: "outcome: succeeded (implied)", location: location)
        self.expectations = isOutcomeGiven ? expectations : [implied] + expectations
        templateUse = expectations.compactMap(\.template).reduce(into: TemplateUse()) { $0.formUnion($1.use) }
        dependsOnRow = expectations.contains { $0.template != nil }
        needsResponse = expectations.contains { $0.root == .response }
    }

    /// An expectation looks at the answer's headers.
    package var needsHeaders: Bool { expectations.contains { $0.root == .headers } }

    /// The expected values of a row, one for each expectation; nil where it is the same for all rows.
    package func render(context: inout RenderContext) -> [RenderedValue?] {
        expectations.map { expectation in
            guard let template = expectation.template else { return nil }
            do throws(TemplateError) {
                return .success(try template.value(context: &context))
            } catch {
                return .failure(error)
            }
        }
    }

    /// What an invocation is not as expected in; empty if all is well.
    ///
    /// - Parameters:
    ///   - rendered: what ``render(context:)`` made of the invocation's row; empty if nothing depends on it.
    ///   - redact: takes secrets out of text that is shown, and out of expected values: the answer comes without.
    package func failures(
        of observation: Observation, rendered: [RenderedValue?], redact: @escaping (String) -> String
    ) -> [ExpectationFailure] {
        let document = observation.document(needsResponse: needsResponse)
        return expectations.enumerated().compactMap { position, expectation in
            var failure = expectation.failure(
                of: observation, document, rendered: position < rendered.count ? rendered[position] : nil,
                ValueText(redact: redact))
            // What the file has may be a secret from the environment.
            failure?.redact(redact)
            return failure
        }
    }
}
