package import JSONText
package import JobModel

/// The values that the expressions of a template see while one row is rendered.
package struct RenderContext: Sendable {
    package var row: JSONValue
    /// The row's number from 0.
    package var index: Int
    /// The row's label; nil stands for its index.
    package var key: String?
    package var vars: JSONObject
    package var jobName: String
    package var runID: String
    package var nominalTime: Timestamp
    package var startedAt: Timestamp
    /// One time for the whole row, so that a body agrees with itself.
    package var now: Timestamp
    /// The IANA name of the zone in which `date` writes unless told otherwise; nil is UTC.
    package var defaultZone: String?
    package var zones: any TimeZoneProvider
    /// Where `uuid` takes its bits from.
    package var random: any RandomNumberGenerator & Sendable
    /// Values of ``TemplateScope/extras``, in its order; nil and what lies beyond the end are missing.
    package var extras: [JSONValue?]

    package init(
        row: JSONValue = .object(JSONObject()), index: Int = 0, key: String? = nil, vars: JSONObject = JSONObject(),
        jobName: String, runID: String, nominalTime: Timestamp, startedAt: Timestamp, now: Timestamp,
        defaultZone: String? = nil, zones: any TimeZoneProvider, random: any RandomNumberGenerator & Sendable,
        extras: [JSONValue?] = []
    ) {
        self.row = row
        self.index = index
        self.key = key
        self.vars = vars
        self.jobName = jobName
        self.runID = runID
        self.nominalTime = nominalTime
        self.startedAt = startedAt
        self.now = now
        self.defaultZone = defaultZone
        self.zones = zones
        self.random = random
        self.extras = extras
    }
}
