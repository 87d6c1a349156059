import Testing

@testable import RunnerKit

@Suite struct ShellTextTests {
    @Test(arguments: [
        ("jobs/a-b_c.yaml", "jobs/a-b_c.yaml"), ("a b/c", "'a b/c'"), ("", "''"), ("it's", #"'it'\''s'"#),
        ("$HOME", "'$HOME'"), ("a;b", "'a;b'"), ("*.yaml", "'*.yaml'"), ("é", "'é'"),
    ])
    func words(text: String, word: String) {
        #expect(ShellText.word(text) == word)
    }
}
