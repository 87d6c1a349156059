package import JSONText

/// A path into a JSON value: `address.city`, `["odd name"]`, `tags[0]`, `tags[-1]` (from the end).
///
/// The path language of templates; its first name is looked up like every other.
package struct TemplatePath: Sendable, Hashable, CustomStringConvertible {
    package enum Step: Sendable, Hashable {
        /// A member of an object.
        case key(String)
        /// An element of an array; negative ones count from the end.
        case index(Int)
    }

    package var steps: [Step]

    package init(steps: [Step]) {
        self.steps = steps
    }

    /// Reads a path such as `response.items[0]["odd name"]`.
    package init(parsing text: String, id: Int = 0) throws(TemplateProblems) {
        var parser = ExpressionParser(text, id: id)
        do {
            steps = try parser.wholePath()
        } catch {
            throw TemplateProblems([error])
        }
    }

    /// The value at the path; nil if any step of it is missing.
    package func value(in root: JSONValue) -> JSONValue? {
        var value = root
        for step in steps {
            guard let next = step.value(in: value) else { return nil }
            value = next
        }
        return value
    }

    /// Where the element with an index stands, counted from the end if it is negative; nil beyond the ends.
    static func position(_ index: Int, count: Int) -> Int? {
        let position = index < 0 ? count + index : index
        return (0..<count).contains(position) ? position : nil
    }

    /// The path as text that reads back as the same path.
    package var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .key(let key) where ExpressionParser.isName(key): text += text.isEmpty ? key : "." + key
            case .key(let key): text += key.contains("\"") ? "['\(key)']" : "[\"\(key)\"]"
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }
}

extension TemplatePath.Step {
    func value(in value: JSONValue) -> JSONValue? {
        switch (self, value) {
        case (.key(let key), .object(let object)): return object[key]
        case (.index(let index), .array(let elements)):
            return TemplatePath.position(index, count: elements.count).map { elements[$0] }
        default: return nil
        }
    }
}
