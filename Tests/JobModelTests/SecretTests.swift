import JobModel
import Testing

@Suite struct SecretTests {
    @Test func noWayOfPrintingShowsTheValue() {
        let account = Account(id: "1", clientID: "c", clientSecret: Secret("hunter2"))
        var dumped = ""
        dump(account, to: &dumped)
        for text in ["\(account)", String(reflecting: account), dumped, "\(account.clientSecret)"] {
            #expect(!text.contains("hunter2"))
        }
        #expect(account.clientSecret.reveal() == "hunter2")
    }
}
