import JSONText
import JobModel
package import SettingsSchema
import Timing

extension JobFileSchema {
    package static let scheduleElement = MappingSchema(
        "schedule", exactlyOne: ["cron", "every", "at"],
        [
            SettingSchema(
                "cron",
                .text(
                    TextSchema(
                        "a cron expression such as 15 2 * * 1-5", pattern: #"\s*(@[A-Za-z]+|\S+(\s+\S+){4,5})\s*"#,
                        takesNumbers: false)),
                "Times of day on the clocks of the time zone: minute, hour, day of month, month, day of week; with six"
                    + " fields, seconds come first. `H` is a value that follows from the job's name.",
                examples: ["15 2 * * 1-5", "H H(0-3) * * *", "@daily"], link: "#cron"),
            SettingSchema(
                "every", .text(duration),
                "A period, at least \(ScheduleElement.shortestPeriod.durationText). Counted from 1970-01-01T00:00:00Z,"
                    + " not from the start of a process: `6h` is 00:00, 06:00, 12:00 and 18:00 UTC.",
                examples: ["15m"]),
            SettingSchema(
                "phase", .text(duration), default: value(.zero), "Shifts `every`; less than the period.",
                examples: ["20s"]),
            SettingSchema(
                "at", .text(time), "One instant, in RFC 3339 with its offset from UTC.",
                examples: ["2026-12-31T23:00:00Z"]),
            SettingSchema(
                "timeZone", .text(TextSchema("the name of a time zone", isFilled: true, takesNumbers: false)),
                default: .value("UTC"),
                "A name of the tz database; for `cron`, for the dates of `exclude`, and for the times that `plan` shows.",
                examples: ["Europe/Berlin"]),
            SettingSchema(
                "jitter", .text(duration), default: value(.zero),
                "An occurrence fires later than its nominal time by less than this, never past the next one. How much"
                    + " follows from the job's name and the nominal time: it is the same on every machine.",
                examples: ["30s"]),
            SettingSchema(
                "startAt", .text(time), default: .words("none"), "Nothing before this instant, in RFC 3339.",
                examples: ["2026-11-27T00:00:00-05:00"]),
            SettingSchema(
                "endAt", .text(time), default: .words("none"), "Nothing from this instant on, in RFC 3339.",
                examples: ["2099-12-01T00:00:00-05:00"]),
            SettingSchema(
                "exclude", .list(of: .text(date)), default: .words("none"),
                "Dates of the time zone on which nothing happens.",
                examples: [["2026-12-24", "2026-12-25"]]),
            SettingSchema(
                "dst", .mapping(daylight), default: .words("`{ gap: shift, overlap: first }`"),
                "What clock changes do; of `cron`.", examples: [["gap": "skip"]], link: "#clock-changes"),
        ])

    package static let daylight = MappingSchema(
        "dst",
        [
            SettingSchema(
                "gap", .choice(choices(DaylightPolicy.Gap.self, meaning)),
                default: .value(.string(DaylightPolicy().gap.rawValue)), "A time that clocks skip.", examples: ["skip"]),
            SettingSchema(
                "overlap", .choice(choices(DaylightPolicy.Overlap.self, meaning)),
                default: .value(.string(DaylightPolicy().overlap.rawValue)), "A time that clocks show twice.",
                examples: ["both"]),
        ])

    /// What becomes of a job's occurrences.
    package static let occurrences = MappingSchema("occurrences", occurrenceSettings)

    static let occurrenceSettings: [SettingSchema] = [
        SettingSchema(
            "overlap",
            .choice(
                choices(OverlapPolicy.self, meaning) + SchedulingReader.aliases.sorted { $0.key < $1.key }.map(alias)),
            default: .value(.string(policy.overlap.rawValue)),
            "What becomes of an occurrence while the previous run is going.", examples: ["bufferOne"]),
        SettingSchema(
            "catchup", .choice(choices(CatchUpPolicy.self, meaning)),
            default: .value(.string(policy.catchUp.rawValue)),
            "Which occurrences run late whose time passed while no scheduler was running.", examples: ["all"]),
        SettingSchema(
            "catchupWindow", .text(duration),
            default: .words(
                "until the next occurrence fires, at most \(SchedulePolicy.longestDefaultWindow.hours)h"),
            "How late an occurrence may still begin. With `catchup: all` give one: inside the default there is only the"
                + " latest.", examples: ["6h"]),
        SettingSchema(
            "catchupMax", .integer(1...SchedulingReader.mostCaughtUp), default: value(policy.catchUpMaximum),
            "Of `all`, the latest so many.", examples: [24]),
        SettingSchema(
            "suspend", .boolean, default: value(policy.isSuspended),
            "`true`: occurrences are skipped, and not caught up later.", examples: [true]),
        SettingSchema(
            "onCrash", .choice(choices(CrashPolicy.self, meaning)), default: .value(.string(policy.onCrash.rawValue)),
            "What is done about a run whose process died.", examples: ["resume"]),
    ]

    package static let hooks = MappingSchema("hooks", hookSettings)

    static let hookSettings: [SettingSchema] = [
        SettingSchema(
            "onFailure", .mapping(webhook), "Is told when a run failed, was stopped, or crashed.",
            examples: [["webhook": "https://alerts.example.com/fnrun"]]),
        SettingSchema(
            "onSuccess", .mapping(webhook), "Is told when a run succeeded.",
            examples: [["webhook": "https://alerts.example.com/fnrun"]]),
        SettingSchema(
            "ping", .text(url),
            "This URL is requested when a run succeeded: for services that raise an alarm when nothing comes.",
            examples: ["https://hc-ping.com/5f2c3a5e-0b3e-4a6f-9a53-1d1f0c7a9e11"]),
    ]

    private static let webhook = MappingSchema(
        "webhook",
        [
            SettingSchema(
                "webhook", .text(url), default: .required, "The URL that is POSTed to; often a secret.",
                examples: ["${ALERT_WEBHOOK}"])
        ])

    private static let policy = SchedulePolicy()

    private static func alias(_ name: String, of policy: OverlapPolicy) -> ChoiceSchema {
        ChoiceSchema(name, "`\(policy.rawValue)`")
    }

    private static func meaning(of gap: DaylightPolicy.Gap) -> String {
        switch gap {
        case .shift: "it runs at the instant to which the clocks jump"
        case .skip: "it does not run on that day"
        }
    }

    private static func meaning(of overlap: DaylightPolicy.Overlap) -> String {
        switch overlap {
        case .first: "it runs once, the first time"
        case .second: "once, the second time"
        case .both: "it runs twice"
        }
    }

    private static func meaning(of overlap: OverlapPolicy) -> String {
        switch overlap {
        case .skip: "it does not run"
        case .bufferOne: "one waits"
        case .bufferAll: "up to \(overlap.capacity) wait"
        case .cancelOther: "the previous run is stopped first"
        case .allowAll: "both run"
        }
    }

    private static func meaning(of catchUp: CatchUpPolicy) -> String {
        switch catchUp {
        case .latest: "the last one"
        case .all: "each"
        case .none: "none of them"
        }
    }

    private static func meaning(of crash: CrashPolicy) -> String {
        switch crash {
        case .report: "it is closed as crashed"
        case .resume: "the next scheduler goes on with it"
        }
    }
}

extension Duration {
    fileprivate var hours: Int64 { components.seconds / 3600 }
}
