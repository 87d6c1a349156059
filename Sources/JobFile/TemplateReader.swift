import JSONText
import JobModel
import Templating
import YAMLText

/// Compiles the templates of a file and reports their mistakes where they stand.
struct TemplateReader {
    let source: SourceText
    let options: JobFileOptions
    let sink: DiagnosticSink
    /// Nil if the section was no mapping: then any variable may be meant.
    let vars: JobVars?
    private let memo = Memo()
    /// Of payloads.
    private let cache = TemplateCache()
    private let rowScope: TemplateScope

    /// A payload and what it was made of.
    typealias Payload = (template: PayloadTemplate, source: TemplateSource)

    /// Where a text stands, which decides what it may use.
    enum Scope: Hashable {
        case row, key, output

        fileprivate var names: TemplateScope {
            switch self {
            case .row: .row
            case .key: .key
            case .output: .output
            }
        }
    }

    /// Texts that many jobs have in common are compiled once, and take room once.
    private final class Memo {
        private struct Key: Hashable {
            var text: ExactText
            var scope: Scope
        }

        /// Beyond so many texts they are hardly shared.
        private static let capacity = 1000
        private var templates: [Key: TextTemplate] = [:]
        var wholeRow: Payload?

        subscript(text: String, scope: Scope) -> TextTemplate? {
            get { templates[Key(text: ExactText(text: text), scope: scope)] }
            set {
                guard templates.count < Self.capacity else { return }
                templates[Key(text: ExactText(text: text), scope: scope)] = newValue
            }
        }
    }

    init(source: SourceText, options: JobFileOptions, sink: DiagnosticSink, vars: JobVars?) {
        self.source = source
        self.options = options
        self.sink = sink
        self.vars = vars
        rowScope = Self.scope(.row, knowing: vars)
    }

    /// Compiles a text.
    func text(_ text: String, of field: YAMLField, scope: Scope) -> TextTemplate? {
        compile(text, node: field.node, scope: scope)
    }

    /// Compiles a text that stands in no file.
    func builtIn(_ text: String, scope: Scope) -> TextTemplate? {
        compile(text, node: nil, scope: scope)
    }

    /// Compiles a payload and tells what it was made of.
    func payload(_ field: YAMLField?) -> Payload? {
        if field == nil, let known = memo.wholeRow { return known }
        var conversion = JSONConversion(sink: sink)
        let tree = field.map { conversion.source($0.node) } ?? .string("{{ row }}", id: 0)
        if case .null = tree, let field {
            // A value that JSON lacks has been reported already.
            guard field.isNull else { return nil }
            sink.warning(
                .badValue, "a null payload makes every row fail: the platform does not take it",
                hint: "leave 'payload' out to send the row as it is", at: field.node.location)
        }
        guard let template = compile(tree, conversion.nodes) else { return nil }
        if field == nil { memo.wholeRow = (template, tree) }
        return (template, tree)
    }

    /// Compiles a value of any type, in whose strings templates may stand; values that JSON lacks are reported.
    func value(_ field: YAMLField) -> PayloadTemplate? {
        let problems = sink.errorCount
        var conversion = JSONConversion(sink: sink)
        let tree = conversion.source(field.node)
        guard sink.errorCount == problems else { return nil }
        return compile(tree, conversion.nodes)
    }

    /// - Parameter nodes: of the strings, by their id.
    private func compile(_ tree: TemplateSource, _ nodes: [YAMLNode]) -> PayloadTemplate? {
        do throws(TemplateProblems) {
            return try PayloadTemplate(compiling: tree, scope: rowScope, zones: options.zones, cache: cache)
        } catch {
            for problem in error.list {
                report(problem, in: problem.nodeID < nodes.count ? nodes[problem.nodeID] : nil)
            }
            return nil
        }
    }

    private func compile(_ text: String, node: YAMLNode?, scope: Scope) -> TextTemplate? {
        if let known = memo[text, scope] { return known }
        do throws(TemplateProblems) {
            let template = try TextTemplate(
                compiling: text, scope: Self.scope(scope.names, knowing: vars), zones: options.zones)
            memo[text, scope] = template
            return template
        } catch {
            for problem in error.list { report(problem, in: node) }
            return nil
        }
    }

    private static func scope(_ scope: TemplateScope, knowing vars: JobVars?) -> TemplateScope {
        var scope = scope
        scope.knownVars = vars?.names
        return scope
    }

    /// Reports a mistake in a scalar where it stands.
    func report(_ problem: TemplateProblem, in node: YAMLNode?, code: DiagnosticCode = .badTemplate) {
        guard let scalar = node?.scalar, scalar.isSubstituted else {
            let place = node?.location(ofOffset: problem.offset, length: problem.length, in: source)
            sink.error(code, problem.message, hint: problem.hint, at: place)
            return
        }
        // The template's own words would show what the variable held.
        sink.error(
            code, "with its variables filled in, this is no valid template: \(scalar.raw.shortened)",
            at: node?.location)
    }
}
