/// A payload as it stands in a job file, before its strings are searched for templates.
package indirect enum TemplateSource: Sendable {
    case null
    case bool(Bool)
    /// The text of a JSON number.
    case number(String)
    /// A string that may hold templates; `id` comes back in problems, to find the place in the file.
    case string(String, id: Int)
    case array([TemplateSource])
    /// Names are literal: templates in them are not looked for.
    case object([(key: String, value: TemplateSource)])
}
