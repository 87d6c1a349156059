/// How many cells of a terminal characters take (Unicode Standard Annex 11, in its coarse outlines).
package enum DisplayWidth {
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
        0x20000...0x3FFFD,
    ]

    package static func cells(of scalar: Unicode.Scalar) -> Int {
        guard scalar.value >= 0x300 else { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: return wide.contains { $0.contains(scalar.value) } ? 2 : 1
        }
    }

    /// Of a character as terminals draw it: that of its first scalar; what follows joins it.
    package static func cells(of character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        return max(cells(of: first), character.unicodeScalars.contains("\u{FE0F}") ? 2 : 0)
    }

    package static func cells(of text: String) -> Int {
        var cells = 0
        for character in text { cells += self.cells(of: character) }
        return cells
    }
}
