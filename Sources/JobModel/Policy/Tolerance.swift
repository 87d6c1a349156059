/// How many failures (`unknown` ones included) a run bears before it stops.
package enum Tolerance: Sendable, Hashable {
    /// So many failures; judged at once.
    case count(Int)
    /// So many per cent of the finished invocations; judged from the 100th on and at the end.
    case percent(Double)
}
