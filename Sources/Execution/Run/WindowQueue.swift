import DequeModule
import JobModel

/// The rows that were read and not yet started, in windows: a row may be started once its window is announced.
struct WindowQueue {
    private struct Window {
        var rows: [PreparedRow]
        var next = 0
        var isAnnounced = false

        mutating func takeNext() -> (row: PreparedRow, isLast: Bool) {
            next += 1
            return (rows[next - 1], next == rows.count)
        }
    }

    private var windows: Deque<Window> = []
    /// Rows in all windows, announced or not.
    private(set) var count = 0

    /// Takes a window that is not empty.
    mutating func append(_ rows: [PreparedRow]) {
        windows.append(Window(rows: rows))
        count += rows.count
    }

    /// The oldest window that was not announced now is; windows are announced in order.
    mutating func announceNext() {
        guard let index = windows.firstIndex(where: { !$0.isAnnounced }) else { return }
        windows[index].isAnnounced = true
    }

    /// Whether a row may be taken.
    var hasAnnounced: Bool {
        windows.first?.isAnnounced ?? false
    }

    /// Whether the next row that may be taken will never be sent.
    var headIsUnsendable: Bool {
        guard let window = windows.first, window.isAnnounced else { return false }
        switch window.rows[window.next].content {
        case .request: return false
        case .rejected, .inDoubt: return true
        }
    }

    /// The next row of an announced window.
    mutating func popFirst() -> PreparedRow? {
        guard hasAnnounced else { return nil }
        count -= 1
        let (row, isLast) = windows[0].takeNext()
        if isLast { windows.removeFirst() }
        return row
    }

    /// Every row, announced or not, in order.
    mutating func removeAll() -> [PreparedRow] {
        let rows = windows.flatMap { $0.rows[$0.next...] }
        windows.removeAll()
        count = 0
        return rows
    }
}
