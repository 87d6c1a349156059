import JSONText
import JobModel

extension RenderContext {
    /// Nothing at all, for expressions that use nothing.
    static var withoutValues: RenderContext {
        let epoch = Timestamp(seconds: 0)
        return RenderContext(
            jobName: "", runID: "", nominalTime: epoch, startedAt: epoch, now: epoch, zones: NoZones(),
            random: SystemRandomNumberGenerator())
    }

    private struct NoZones: TimeZoneProvider {
        func offset(inZone name: String, at time: Timestamp) -> (secondsEast: Int, abbreviation: String)? { nil }
    }
}
