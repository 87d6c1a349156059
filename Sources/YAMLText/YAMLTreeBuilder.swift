import JobModel

/// Builds the tree from events: an explicit stack, so that no input can exhaust the thread's one.
struct YAMLTreeBuilder {
    /// A finished node with what aliases need to know of it.
    struct Built {
        var node: YAMLNode
        /// Nodes in it, itself included, aliases expanded.
        var count: Int
        /// Collections inside each other; 0 for a scalar.
        var height: Int
    }

    /// A list or mapping that is still open.
    private struct Frame {
        var isMapping: Bool
        var location: SourceLocation
        var anchor: String?
        /// Where what it holds so far begins in ``elements`` or ``entries``.
        var first: Int
        var merges: [Merge] = []
        var key: (scalar: YAMLScalar, location: SourceLocation)?
        /// The key before was no key: its value is dropped.
        var dropsValue = false
        var count = 1
        var height = 1
    }

    /// What a merge key adds, and before which entry.
    struct Merge {
        var position: Int
        var sources: [YAMLMapping]
    }

    private(set) var root: YAMLNode?
    private let source: SourceText
    private let limits: YAMLDocument.Limits
    private let sink: DiagnosticSink
    private var stack: [Frame] = []
    /// The elements of all lists that are still open, those of the innermost last. So each list gets an array of just
    /// its size once it is complete.
    private var elements: [YAMLNode] = []
    /// The entries of all mappings that are still open.
    private var entries: [YAMLMapping.Entry] = []
    /// The line of the event before: the next one is most often near.
    private var line = 0
    private var anchors: [String: Built] = [:]
    private var total = 0
    private var documents = 0

    init(source: SourceText, limits: YAMLDocument.Limits, sink: DiagnosticSink) {
        self.source = source
        self.limits = limits
        self.sink = sink
    }

    /// Takes the next event.
    ///
    /// - Returns: whether there is any use in the events after it.
    mutating func take(_ event: YAMLEvent) -> Bool {
        switch event.kind {
        case .streamStart: return true
        case .streamEnd:
            if documents == 0 { reportEmpty() }
            return false
        case .documentStart:
            documents += 1
            guard documents > 1 else { return true }
            sink.error(
                .severalDocuments, "a second YAML document begins here; one file holds one", at: location(of: event))
            return false
        case .documentEnd: return true
        case .alias(let name): return takeAlias(name, at: location(of: event))
        case .scalar(let anchor, let tag, let text, let style):
            let location = location(of: event)
            // An escape is longer than what it stands for, so equal lengths on one line mean that there is none.
            let isVerbatim =
                style != .literal && style != .folded
                && event.end - event.start == text.unicodeScalars.count + (style == .plain ? 0 : 2)
                && source.isOnOneLine(from: event.start, to: event.end, near: line)
            let scalar = YAMLScalar(text, style: style, tag: scalarTag(tag, at: location), isVerbatim: isVerbatim)
            let built = Built(node: YAMLNode(.scalar(scalar), location: location), count: 1, height: 0)
            if let anchor { anchors[anchor] = built }
            return add(built, at: location)
        case .sequenceStart(let anchor, let tag):
            if tag != nil { checkTag(tag, of: "tag:yaml.org,2002:seq", at: location(of: event)) }
            let start = source.location(ofScalar: event.start, near: &line)
            return open(Frame(isMapping: false, location: start, anchor: anchor, first: elements.count))
        case .mappingStart(let anchor, let tag):
            if tag != nil { checkTag(tag, of: "tag:yaml.org,2002:map", at: location(of: event)) }
            let start = source.location(ofScalar: event.start, near: &line)
            return open(Frame(isMapping: true, location: start, anchor: anchor, first: entries.count))
        case .sequenceEnd, .mappingEnd: return close()
        }
    }

    private mutating func location(of event: YAMLEvent) -> SourceLocation {
        source.location(ofScalar: event.start, upTo: event.end, near: &line)
    }

    private mutating func takeAlias(_ name: String, at location: SourceLocation) -> Bool {
        if let built = anchors[name] {
            var copy = built
            // What is wrong with the copy is to be mended where it was written; the alias shows where it is used.
            if built.height == 0 { copy.node.location = location }
            return add(copy, at: location)
        }
        if source.hidesPart(ofLine: location.line) {
            sink.error(
                .badAlias, "no anchor above this alias", hint: "put text that begins with '*' in quotes", at: location)
        } else if stack.contains(where: { $0.anchor == name }) {
            sink.error(.badAlias, "the alias '*\(name)' stands inside of what it repeats", at: location)
        } else {
            let hint = NameSuggestion.hint(for: name, in: anchors.keys.sorted(), listing: "anchors above this line")
            sink.error(
                .badAlias, "no anchor '&\(name)' above this alias",
                hint: hint.isEmpty ? "put text that begins with '*' in quotes" : hint, at: location)
        }
        let nothing = YAMLNode(.scalar(YAMLScalar("")), location: location)
        return add(Built(node: nothing, count: 1, height: 0), at: location)
    }

    private mutating func open(_ frame: Frame) -> Bool {
        guard stack.count < limits.depth else {
            return stop("lists and mappings are nested more than \(limits.depth) deep", at: frame.location)
        }
        // An anchor that is given anew means the new node from its start on.
        if let anchor = frame.anchor { anchors[anchor] = nil }
        stack.append(frame)
        return true
    }

    private mutating func close() -> Bool {
        guard let frame = stack.popLast() else { return false }
        let content: YAMLNode.Content
        if frame.isMapping {
            var mapping = YAMLMapping(entries: Array(entries[frame.first...]))
            entries.removeLast(entries.count - frame.first)
            removeDuplicates(&mapping)
            content = .mapping(frame.merges.isEmpty ? mapping : YAMLMerge.merged(mapping, with: frame.merges))
        } else {
            content = .sequence(Array(elements[frame.first...]))
            elements.removeLast(elements.count - frame.first)
        }
        let node = YAMLNode(content, location: frame.location)
        let built = Built(node: node, count: frame.count, height: frame.height)
        if let anchor = frame.anchor { anchors[anchor] = built }
        total -= frame.count - 1
        return add(built, at: frame.location)
    }

    /// Adds a finished node to the innermost open list or mapping.
    private mutating func add(_ built: Built, at location: SourceLocation) -> Bool {
        total += built.count
        guard total <= limits.nodes else {
            return stop("more than \(limits.nodes) nodes, aliases expanded", at: location)
        }
        guard stack.count + built.height <= limits.depth else {
            return stop("lists and mappings are nested more than \(limits.depth) deep through this alias", at: location)
        }
        guard let top = stack.indices.last else {
            if built.node.scalar?.raw.isEmpty == true, built.node.scalar?.style == .plain {
                reportEmpty()
            } else {
                root = built.node
            }
            return true
        }
        stack[top].count += built.count
        stack[top].height = max(stack[top].height, built.height + 1)
        if !stack[top].isMapping {
            elements.append(built.node)
        } else if let key = stack[top].key {
            stack[top].key = nil
            takeEntry(key: key.scalar, keyLocation: key.location, value: built.node, top: top)
        } else if stack[top].dropsValue {
            stack[top].dropsValue = false
        } else {
            takeKey(built.node, at: location, top: top)
        }
        return true
    }

    private mutating func takeKey(_ node: YAMLNode, at location: SourceLocation, top: Int) {
        if let scalar = node.scalar {
            stack[top].key = (scalar, location)
            return
        }
        stack[top].dropsValue = true
        let isTemplate = source.text(at: stack[top].location, most: 2) == "{{"
        let isVariable =
            node.location.column > 1
            && source.text(
                at: SourceLocation(line: node.location.line, column: node.location.column - 1), most: 2) == "${"
        if isTemplate {
            sink.error(
                .badKey, "braces begin a mapping here, not a template", hint: "put it in quotes: \"{{ … }}\"",
                at: SourceLocation(line: stack[top].location.line, column: stack[top].location.column, length: 2))
        } else {
            sink.error(
                .badKey, "a key must be text, not a list or mapping",
                hint: isVariable ? "put it in quotes: \"${…}\"" : "", at: location)
        }
    }

    private mutating func takeEntry(key: YAMLScalar, keyLocation: SourceLocation, value: YAMLNode, top: Int) {
        guard key.style == .plain, key.tag == nil, key.text == "<<" else {
            entries.append(.init(key: key, keyLocation: keyLocation, value: value))
            return
        }
        let sources = (value.sequence ?? [value]).map(\.mapping)
        guard sources.allSatisfy({ $0 != nil }) else {
            sink.error(
                .badMerge, "'<<' merges a mapping or a list of mappings", hint: "for a key named <<, put it in quotes",
                at: value.location)
            return
        }
        stack[top].merges.append(
            Merge(position: entries.count - stack[top].first, sources: sources.compactMap { $0 }))
    }

    private func removeDuplicates(_ mapping: inout YAMLMapping) {
        let duplicates = mapping.duplicates()
        guard !duplicates.isEmpty else { return }
        for (position, first) in duplicates {
            mapping.reportDuplicate(at: position, first: first, to: sink)
        }
        let superfluous = Set(duplicates.map(\.position))
        mapping.entries = mapping.entries.enumerated().filter { !superfluous.contains($0.offset) }.map(\.element)
    }

    private func scalarTag(_ tag: String?, at location: SourceLocation) -> YAMLScalar.Tag? {
        guard let tag, tag != "!" else { return nil }
        if let known = YAMLScalar.Tag(rawValue: tag) { return known }
        reportTag(tag, at: location)
        return nil
    }

    private func checkTag(_ tag: String?, of expected: String, at location: SourceLocation) {
        guard let tag, tag != "!", tag != expected else { return }
        reportTag(tag, at: location)
    }

    private func reportTag(_ tag: String, at location: SourceLocation) {
        let prefix = "tag:yaml.org,2002:"
        let written = (tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag).shortened
        let shown = source.hidesPart(ofLine: location.line) ? "this tag" : "the tag '\(written)'"
        sink.error(
            .badTag, "\(shown) is unknown, or not meant for this",
            hint: "tags are !!str, !!int, !!float, !!bool and !!null for values, !!seq for lists, !!map for mappings",
            at: location)
    }

    private func reportEmpty() {
        sink.error(.emptyFile, "the file is empty", at: nil)
    }

    private func stop(_ message: String, at location: SourceLocation) -> Bool {
        sink.error(.limit, message, at: location)
        return false
    }
}

extension YAMLMapping {
    /// Reports an entry whose key was given before, with both places.
    package func reportDuplicate(at position: Int, first: Int, to sink: DiagnosticSink) {
        let place = entries[first].keyLocation
        sink.error(
            .duplicateKey,
            "duplicate key '\(entries[position].key.raw.shortened)': "
                + "it is given at line \(place.line), column \(place.column) already",
            hint: "remove one of the two", at: entries[position].keyLocation)
    }
}
