import JobFile
import JobModel
import Testing

@Suite struct SchedulingReaderTests {
    @Test func readsEverything() throws {
        let job = try onlyJob(
            """
            schedule: { every: 1h }
            overlap: bufferAll
            catchup: all
            catchupWindow: 12h
            catchupMax: 3
            suspend: true
            onCrash: resume
            mutex: [db, crm, db]
            """)
        var policy = SchedulePolicy()
        policy.overlap = .bufferAll
        policy.catchUp = .all
        policy.catchUpWindow = .seconds(12 * 3600)
        policy.catchUpMaximum = 3
        policy.isSuspended = true
        policy.onCrash = .resume
        policy.mutexes = ["db", "crm"]
        #expect(job.scheduling == policy)
    }

    @Test(arguments: [
        ("skip", OverlapPolicy.skip), ("bufferOne", .bufferOne), ("bufferAll", .bufferAll),
        ("cancelOther", .cancelOther), ("allowAll", .allowAll), ("Forbid", .skip), ("Replace", .cancelOther),
        ("\"Allow\"", .allowAll),
    ])
    func readsOverlap(text: String, overlap: OverlapPolicy) throws {
        #expect(try onlyJob("schedule: { every: 1h }\noverlap: \(text)").scheduling.overlap == overlap)
    }

    @Test(arguments: [
        ("", ["d"]), ("mutex: own", ["own"]), ("mutex: [own, d]", ["own", "d"]), ("mutex: null", []), ("mutex: []", []),
        ("mutex: 7", ["7"]),
    ])
    func takesMutexesFromDefaults(settings: String, mutexes: [String]) throws {
        #expect(try onlyJob(settings, extra: "defaults: { mutex: d }\n").scheduling.mutexes == mutexes)
    }

    @Test(arguments: [
        (
            "overlap: forbid",
            "6:14 bad-value expected skip, bufferOne, bufferAll, cancelOther or allowAll for jobs.a.overlap, found the "
                + "text \"forbid\""
        ),
        (
            "overlap: buffer-one",
            "6:14 bad-value expected skip, bufferOne, bufferAll, cancelOther or allowAll for jobs.a.overlap, found the "
                + "text \"buffer-one\" (did you mean 'bufferOne'?)"
        ),
        (
            "catchup: latests",
            "6:14 bad-value expected latest, all or none for jobs.a.catchup, found the text \"latests\" "
                + "(did you mean 'latest'?)"
        ),
        (
            "catchupWindow: 0s\ncatchup: all",
            "6:20 bad-value expected a duration of at least 1ms for jobs.a.catchupWindow, found the text \"0s\""
        ),
        (
            "catchup: all\ncatchupWindow: 1h\ncatchupMax: 0",
            "8:17 bad-value expected a whole number between 1 and 10000 for jobs.a.catchupMax, found the number 0"
        ),
        (
            "suspend: no",
            "6:14 wrong-type expected true or false for jobs.a.suspend, found the text \"no\" (write false)"
        ),
        (
            "onCrash: restart",
            "6:14 bad-value expected report or resume for jobs.a.onCrash, found the text \"restart\""
        ),
        (
            "mutex: { a: b }",
            "6:12 wrong-type expected a name, or a list of names for jobs.a.mutex, found a mapping"
        ),
        (
            "mutex: [[a]]",
            "6:13 wrong-type expected a name, or a list of names for jobs.a.mutex[0], found a list"
        ),
        (
            "mutex: a b",
            "6:12 bad-name jobs.a.mutex: this is no name (names begin with a letter or digit, go on with letters, digits, "
                + "'.', '_' and '-', and have at most 63 characters)"
        ),
    ])
    func explainsMistakes(settings: String, problem: String) {
        let result = load(file(job: "schedule: { every: 1h }\n" + settings))
        #expect(brief(result) == [problem])
        #expect(result.document == nil)
    }

    @Test(arguments: [
        (
            "overlap: skip",
            "5:5 no-effect 'overlap' has no effect without 'schedule' (give the job a schedule, or remove it)"
        ),
        (
            "suspend: true",
            "5:5 no-effect 'suspend' has no effect without 'schedule' (give the job a schedule, or remove it)"
        ),
        (
            "catchup: latest",
            "5:5 no-effect 'catchup' has no effect without 'schedule' (give the job a schedule, or remove it)"
        ),
        (
            "catchupWindow: 1h",
            "5:5 no-effect 'catchupWindow' has no effect without 'schedule' (give the job a schedule, or remove it)"
        ),
        (
            "onCrash: resume",
            "5:5 no-effect 'onCrash' has no effect without 'schedule' (give the job a schedule, or remove it)"
        ),
        (
            "schedule: { every: 1h }\ncatchup: all",
            "6:5 no-effect 'catchup: all' without 'catchupWindow': only the latest is in the default window "
                + "(add catchupWindow: how late runs may begin, such as 12h)"
        ),
        (
            "schedule: { every: 1h }\ncatchupMax: 3",
            "6:5 no-effect 'catchupMax' has no effect without 'catchup: all' (remove it)"
        ),
    ])
    func warnsOfWhatHasNoEffect(settings: String, problem: String) {
        let result = load(file(job: settings))
        #expect(brief(result) == [problem])
        #expect(result.diagnostics.first?.severity == .warning)
        #expect(result.document != nil)
    }
}
