extension DiagnosticCode {
    /// What it means, and what to do: Markdown, a sentence or two each.
    package var explanation: (cause: String, cure: String) {
        switch self {
        case .unreadable:
            (
                "A file that is named cannot be read: it is not there, or its rights forbid it.",
                "Check the path: in a job file it is relative to that file, as a flag to the working directory."
            )
        case .encoding: ("The bytes are not UTF-8.", "Save the file as UTF-8, without a byte order mark of UTF-16.")
        case .syntax:
            (
                "The text is no YAML (or, of `.env`, no line `NAME=value`). Often a tab, a quote that is not closed, or "
                    + "`{{` or `${` unquoted at the start of a value or inside `{…}` and `[…]`.",
                "Quote the value, and indent with spaces."
            )
        case .emptyFile: ("There is nothing in the file.", "Begin with `version: 1`, or let `fnrun init` write one.")
        case .severalDocuments: ("A second document follows, after `---`.", "One file is one document: split it.")
        case .limit:
            (
                "The file is beyond a limit: 64 MiB, depth 64, or 1,000,000 nodes once aliases are expanded; or there are "
                    + "more problems than are told.",
                "Split the file; put many rows into an input file."
            )
        case .badAlias:
            ("An alias (`*name`) without its anchor (`&name`) before it, or inside of it.", "Write the anchor first.")
        case .badTag: ("A tag such as `!!int` that is none of YAML's core, or does not fit.", "Leave the tag out.")
        case .badKey: ("A key that is a list or a mapping.", "Keys are plain text.")
        case .badMerge: ("`<<` merges something that is no mapping.", "Point it at a mapping: `<<: *defaults`.")
        case .duplicateKey: ("A key stands twice in one mapping.", "Keep one: YAML has no order among them.")
        case .unknownKey:
            ("A key that means nothing there: misspelled, or in the wrong place.", "The message names what is meant.")
        case .missingKey: ("Something that is required is not there.", "Add it; the message says where.")
        case .wrongType:
            (
                "A value of another type than wanted, such as a list where a text is.",
                "Write what the message wants; unquoted `no` and `12:30` are texts here, as in YAML 1.2."
            )
        case .badValue: ("A value of the right type that is not allowed.", "The message says what is.")
        case .badName:
            (
                "A name of a job, lambda, mutex or tag that does not follow the rule.",
                "Letters, digits, `.`, `_`, `-`; beginning with a letter or digit; at most 63 of them."
            )
        case .badNumber: ("A number that JSON cannot write: `.nan`, `.inf`.", "Write a text, or leave it out.")
        case .noEffect: ("A setting that changes nothing where it stands.", "A warning: remove it, or move it.")
        case .unsetVariable:
            (
                "`${NAME}` has no value and no default.",
                "Export it, put it into `.env` beside the job file, or write `${NAME:-default}`."
            )
        case .badVariable: ("`${` that is not closed, or names nothing.", "Write `$${` for the characters themselves.")
        case .unusedVariable:
            ("`--set NAME=VALUE` names a variable that is not in `vars`, or that nothing uses.", "Check the name.")
        case .unknownLambda:
            ("A job names a lambda that is not in the file.", "Name it under `lambdas`, or write its UUID.")
        case .duplicateJob:
            ("Two files of one command have a job of the same name.", "Names are unique over all files: rename one.")
        case .badTemplate:
            (
                "A mistake in a template: an unknown root or filter, a wrong number of arguments, a brace too few.",
                "See the page on templates; `{{ '{{' }}` writes braces."
            )
        case .badCron:
            (
                "A cron expression that cannot be read.",
                "Five fields, or six with seconds first; `fnrun plan` shows what comes."
            )
        case .unknownZone:
            (
                "A time zone that the system's database does not have.",
                "An IANA name such as `Europe/Berlin`; install `tzdata` where there is none."
            )
        case .badPath:
            (
                "The `path` of an expectation is none, or begins with an unknown root.",
                "Begin with `response`, `status`, …"
            )
        case .badPattern: ("The pattern of `matches` is no regular expression.", "See the position in the message.")
        }
    }
}
