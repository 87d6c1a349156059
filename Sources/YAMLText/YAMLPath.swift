/// Where a value stands in the structure of a file, put into words only when a message needs it.
indirect enum YAMLPath: Sendable {
    case top
    /// A key as it is written in the file.
    case key(String, in: YAMLPath)
    case element(Int, of: YAMLPath)

    /// Such as `jobs.nightly-sync.retry.statuses[0]`; empty for the top.
    var text: String {
        switch self {
        case .top: return ""
        case .key(let name, in: let around):
            let path = around.text
            return path.isEmpty ? name.shortened : "\(path).\(name.shortened)"
        case .element(let number, of: let list): return "\(list.text)[\(number)]"
        }
    }
}
