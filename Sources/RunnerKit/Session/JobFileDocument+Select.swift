internal import JobFile

extension JobFileDocument {
    /// Jobs by their names, in file order; none is the only one.
    ///
    /// - Parameter hint: what a user can do where the file has several.
    /// - Throws: ``CommandFailure`` with status 64 for a name that does not exist, or none where several jobs are.
    func select(_ names: [String], hint: String) throws(CommandFailure) -> [JobDefinition] {
        let known = jobs.map(\.name).joined(separator: ", ")
        if names.isEmpty {
            guard jobs.count == 1 else {
                throw CommandFailure(.usage, "\(path) has several jobs (\(known)): \(hint)")
            }
            return jobs
        }
        for name in names where job(named: name) == nil {
            throw CommandFailure(.usage, "\(path) has no job '\(name)'; it has \(known)")
        }
        return jobs.filter { names.contains($0.name) }
    }
}
