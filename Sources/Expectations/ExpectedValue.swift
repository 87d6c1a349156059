package import JSONText
package import Templating

/// The value that a matcher compares with: the same for all rows, or rendered for each.
package enum ExpectedValue: Sendable {
    case constant(JSONValue)
    case template(PayloadTemplate)

    /// A template without expressions is a constant.
    package init(_ template: PayloadTemplate) {
        self = template.constantValue.map { .constant($0) } ?? .template(template)
    }
}

/// What an expected value is for one row.
package typealias RenderedValue = Result<JSONValue, TemplateError>
