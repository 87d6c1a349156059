/// Divisions that round down, by constants: those of ``Int64/flooredDivision(by:)`` cost a hardware division each.
extension Int64 {
    /// Of seconds: whole days.
    @inline(__always) var wholeDays: Int64 { (self - (self < 0 ? 86_399 : 0)) / 86_400 }

    /// Of microseconds: whole seconds.
    @inline(__always) var wholeSeconds: Int64 { (self - (self < 0 ? 999_999 : 0)) / 1_000_000 }
}
