import Execution
import JobModel
import Testing

@Suite struct RetryRuleTests {
    private static let again = RetryRule.Verdict.retry(counts: true, least: .zero, asked: nil)

    private func verdict(
        _ reply: VirtualReply, hadFreshToken: Bool = false, _ edit: (inout RunPolicy) -> Void = { _ in }
    ) -> RetryRule.Verdict {
        var policy = RunPolicy()
        edit(&policy)
        return RetryRule(policy).verdict(on: reply.result, hadFreshToken: hadFreshToken)
    }

    @Test(arguments: [408, 500, 502, 503, 504])
    func statusesOfThePlatformAreRetried(status: Int) {
        #expect(verdict(.status(status)) == Self.again)
        #expect(verdict(.status(status)) { $0.retry.never = [status] } == .done)
        #expect(
            verdict(.status(status, code: "c")) {
                $0.retry.never = [status]
                $0.retry.statuses = [status]
                $0.retry.codes = ["c"]
            } == .done)
        #expect(
            verdict(.status(status, retryAfter: .seconds(7))) == .retry(counts: true, least: .zero, asked: .seconds(7)))
    }

    @Test(arguments: [200, 201, 400, 403, 404, 405, 410, 418, 501, 505, 599, 900, 901, 902, 0, -1, 1000])
    func othersAreNotUnlessListed(status: Int) {
        let success = status == 200
        #expect(verdict(.status(status, code: "c")) == .done)
        #expect(verdict(.status(status, code: "c")) { $0.retry.codes = ["d"] } == .done)
        #expect(verdict(.status(status, code: "c")) { $0.retry.codes = ["c"] } == (success ? .done : Self.again))
        #expect(verdict(.status(status)) { $0.retry.statuses = [status] } == (success ? .done : Self.again))
    }

    @Test func rateLimitsDoNotCountAndWaitASecondOrMore() {
        #expect(verdict(.status(429)) == .retry(counts: false, least: .seconds(1), asked: nil))
        #expect(
            verdict(.status(429, retryAfter: .milliseconds(5)))
                == .retry(counts: false, least: .seconds(1), asked: .milliseconds(5)))
        #expect(
            verdict(.status(429, retryAfter: .seconds(2))) == .retry(counts: false, least: .zero, asked: .seconds(2)))
        #expect(verdict(.status(429)) { $0.retry.never = [429] } == .done)
    }

    @Test func a401IsRepeatedOnce() {
        #expect(verdict(.status(401)) == .freshToken)
        #expect(verdict(.status(401), hadFreshToken: true) == .done)
        #expect(verdict(.status(401), hadFreshToken: true) { $0.retry.statuses = [401] } == Self.again)
        #expect(verdict(.status(401)) { $0.retry.never = [401] } == .done)
    }

    @Test func whatWasNotSentIsRetriedAndWhatMayHaveRunOnlyIfItMayBeRepeated() {
        #expect(verdict(.notSent) == Self.again)
        #expect(verdict(.unknown()) == .done)
        #expect(verdict(.unknown()) { $0.idempotent = true } == Self.again)
        #expect(verdict(.unknown()) { $0.retry.unknown = true } == Self.again)
    }
}
