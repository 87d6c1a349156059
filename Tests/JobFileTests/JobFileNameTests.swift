import JobFile
import Testing

@Suite struct JobFileNameTests {
    @Test(arguments: [
        ("a", "jobs/f.yaml", "jobs/a"), ("../a", "/x/f.yaml", "/x/../a"), ("/a", "jobs/f.yaml", "/a"),
        ("-", "j/f", "-"),
        ("a", "f.yaml", "a"), ("a", "/f.yaml", "/a"),
    ])
    func pathsAreRelativeToTheFile(path: String, file: String, resolved: String) {
        #expect(JobFilePath.resolve(path, beside: file) == resolved)
    }

    @Test(arguments: [
        ("a", true), ("A1._-", true), (String(repeating: "x", count: 63), true), ("9", true), ("", false),
        ("-a", false),
        ("_a", false), ("a b", false), ("é", false), (String(repeating: "x", count: 64), false), ("a/b", false),
    ])
    func namesFollowTheRule(name: String, isValid: Bool) {
        #expect(JobName.isValid(name) == isValid)
    }
}
