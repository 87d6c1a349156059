internal import JobFile

/// The jobs that a smoke test runs: those of its files that have expectations and that its options name.
struct SmokeSelection: Sendable {
    struct Element: Sendable {
        var document: JobFileDocument
        var job: JobDefinition
    }

    /// In the order of files and jobs.
    let elements: [Element]

    /// - Throws: ``CommandFailure`` with status 2 if no job of the files has expectations, 64 if the options name none
    ///   that has.
    init(_ documents: [JobFileDocument], _ settings: SmokeSettings) throws(CommandFailure) {
        let all = documents.flatMap { document in document.jobs.map { Element(document: document, job: $0) } }
        let tests = all.filter { $0.job.expectations != nil }
        guard !tests.isEmpty else {
            let files = documents.map(\.path).joined(separator: ", ")
            throw CommandFailure(
                .invalid,
                "\(files): no job has 'expect': there is nothing to test (add expect: [{ status: 200 }] to one)")
        }
        for name in settings.jobs where !tests.contains(where: { $0.job.name == name }) {
            let names = tests.map(\.job.name).joined(separator: ", ")
            throw CommandFailure(
                .usage,
                all.contains { $0.job.name == name }
                    ? "--job \(name): it has no 'expect'; jobs that have it: \(names)"
                    : "--job \(name): there is no such job; jobs with 'expect': \(names)")
        }
        let excluded = Set(settings.tags.filter { $0.hasPrefix("!") }.map { String($0.dropFirst()) })
        let wanted = Set(settings.tags.filter { !$0.hasPrefix("!") })
        elements = tests.filter { element in
            (settings.jobs.isEmpty || settings.jobs.contains(element.job.name))
                && excluded.isDisjoint(with: element.job.tags)
                && (wanted.isEmpty || !wanted.isDisjoint(with: element.job.tags))
        }
        guard elements.isEmpty else { return }
        let tags = Set(tests.flatMap(\.job.tags)).sorted().joined(separator: ", ")
        throw CommandFailure(
            .usage,
            "no job with 'expect' is chosen by \(settings.tags.map { "--tag \($0)" }.joined(separator: " ")); "
                + (tags.isEmpty ? "no job has tags" : "tags: \(tags)"))
    }
}
