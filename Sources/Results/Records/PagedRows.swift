/// One small number for each row, 0 at first, found by the row's index.
///
/// Pages of rows are made as rows appear, and the first one grows with the rows in it, so that shards, stray indices
/// and files of many short runs cost what they hold.
struct PagedRows<Element: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
    private static var pageSize: Int { 1024 }
    private static var smallestPage: Int { 16 }

    private var pages: [[Element]] = []
    /// By page: its place among all possible ones.
    private var numbers: [Int] = []
    /// Of the pages that are not at the place of their number.
    private var pageOfNumber: [Int: Int] = [:]

    /// - Parameter index: not negative.
    subscript(index: Int) -> Element {
        get {
            guard let page = page(index / Self.pageSize) else { return 0 }
            let offset = index % Self.pageSize
            return offset < pages[page].count ? pages[page][offset] : 0
        }
        set {
            let (number, offset) = (index / Self.pageSize, index % Self.pageSize)
            let page = page(number) ?? makePage(number)
            if offset >= pages[page].count { grow(page, toHold: offset) }
            pages[page][offset] = newValue
        }
    }

    /// Hands over every row whose number is not 0, by page and within it in ascending order.
    @inline(__always)
    func visit(_ body: (_ index: Int, Element) -> Void) {
        for (page, number) in zip(pages, numbers) {
            for (offset, element) in page.enumerated() where element != 0 {
                body(number * Self.pageSize + offset, element)
            }
        }
    }

    /// Replaces the number of every row for which it is not 0.
    @inline(__always)
    mutating func replaceAll(_ replacement: (_ index: Int, Element) -> Element) {
        for page in pages.indices {
            let first = numbers[page] * Self.pageSize
            pages[page].withUnsafeMutableBufferPointer { elements in
                for offset in elements.indices where elements[offset] != 0 {
                    elements[offset] = replacement(first + offset, elements[offset])
                }
            }
        }
    }

    /// The first row from `start` on, in ascending order, whose number passes a test; nil if there is none.
    ///
    /// - Parameter isWanted: false for 0.
    func next(from start: Int, where isWanted: (Element) -> Bool) -> Int? {
        let numbers = self.numbers
        var number = start / Self.pageSize
        var offset = start % Self.pageSize
        while true {
            guard let page = page(number) else {
                guard let next = numbers.filter({ $0 > number }).min() else { return nil }
                (number, offset) = (next, 0)
                continue
            }
            if offset < pages[page].count, let found = pages[page][offset...].firstIndex(where: isWanted) {
                return number * Self.pageSize + found
            }
            (number, offset) = (number + 1, 0)
        }
    }

    @inline(__always)
    private func page(_ number: Int) -> Int? {
        if number < numbers.count, numbers[number] == number { return number }
        return pageOfNumber[number]
    }

    private mutating func makePage(_ number: Int) -> Int {
        pages.append([])
        numbers.append(number)
        if number != pages.count - 1 { pageOfNumber[number] = pages.count - 1 }
        return pages.count - 1
    }

    private mutating func grow(_ page: Int, toHold offset: Int) {
        // Only a first page stays small for long: growing all of them would leave holes in the heap.
        var size = pages.count > 1 ? Self.pageSize : max(Self.smallestPage, pages[page].count)
        while size <= offset { size *= 2 }
        pages[page].append(contentsOf: repeatElement(0, count: size - pages[page].count))
    }
}
