import JobModel
import TestSupport
import Testing

@testable import LivePerson

@Suite struct TokenMachineTests {
    private var machine = TokenMachine()
    private var random = SeededGenerator(seed: 7)

    private mutating func grant(_ lifetime: Duration? = .seconds(3600), sent: Double, arrived: Double? = nil) {
        machine.began(at: .at(sent))
        _ = machine.answered(
            .granted(token: Secret("t"), lifetime: lifetime), at: .at(arrived ?? sent), using: &random)
    }

    private mutating func fail(_ seconds: Double, retryAfter: Duration? = nil) -> AccountNote {
        machine.began(at: .at(seconds))
        return machine.answered(
            .failed("status 500", retryAfter: retryAfter, isSilent: false), at: .at(seconds), using: &random)
    }

    private mutating func refuse(_ seconds: Double) -> AccountNote {
        machine.began(at: .at(seconds))
        return machine.answered(.refused("no"), at: .at(seconds), using: &random)
    }

    @Test mutating func oneRequestIsInFlight() {
        #expect(machine.isDue(at: .at(0)))
        machine.began(at: .at(0))
        #expect(!machine.isDue(at: .at(1000)))
        #expect(machine.requestAlarm == .distantFuture)
    }

    @Test mutating func lifetimeCountsFromSending() {
        grant(.seconds(100), sent: 10, arrived: 25)
        // 80 % and the margin of a tenth, both from 10.
        #expect(machine.requestAlarm == .at(90))
        #expect(machine.usable(at: .at(99.9))?.generation == 1)
        #expect(machine.usable(at: .at(100)) == nil)
        #expect(machine.settleAlarm == .at(100))
        #expect(machine.settle(at: .at(100)) == .tokenEnded(generation: 1))
    }

    @Test(arguments: [(nil, 3570), (3600, 3570), (5, 4.5), (1e9, 30 * 86_400 - 30)] as [(Double?, Double)])
    func usableUntil(lifetime: Double?, end: Double) {
        var suite = self
        suite.grant(lifetime.map { .seconds($0) }, sent: 0)
        #expect(suite.machine.token?.usableUntil == .at(end))
    }

    @Test mutating func tokenThatExpiredOnItsWayIsAFailure() {
        grant(.seconds(10), sent: 0, arrived: 9)
        #expect(machine.usable(at: .at(9)) == nil)
        #expect(machine.failure?.contains("expired") == true)
        #expect(machine.requestAlarm > .at(9))
    }

    @Test mutating func slowAnswerIsNotFollowedByARequestAtOnce() {
        grant(.seconds(100), sent: 0, arrived: 85)
        #expect(!machine.isDue(at: .at(85)))
        #expect(machine.isDue(at: .at(90)))
    }

    @Test mutating func failedRenewalKeepsTheTokenAndBacksOff() {
        grant(sent: 0)
        guard case .tokenFailed(_, let first, hasToken: true) = fail(2880) else {
            Issue.record("no failure noted")
            return
        }
        #expect((.milliseconds(250) ... .milliseconds(500)).contains(first))
        #expect(machine.usable(at: .at(2880))?.generation == 1)
        #expect(machine.refusal == nil)
        var seconds = 2881.0
        for _ in 0..<20 {
            guard case .tokenFailed(_, let wait, _) = fail(seconds) else { return }
            #expect(wait <= .seconds(10))
            seconds += 1
        }
        guard case .tokenFailed(_, let last, _) = fail(seconds) else { return }
        #expect(last >= .seconds(5))
    }

    @Test(arguments: [(20, 20), (86_400, 600)])
    func retryAfterIsHonoured(asked: Int, waited: Int) {
        var suite = self
        #expect(
            suite.fail(0, retryAfter: .seconds(asked))
                == .tokenFailed(reason: "status 500", retryIn: .seconds(waited), hasToken: false))
        #expect(suite.machine.requestAlarm == .at(Double(waited)))
    }

    @Test mutating func refusedRenewalKeepsTheTokenUntilItsEnd() {
        grant(.seconds(100), sent: 0)
        #expect(refuse(80) == .tokenFailed(reason: "no", retryIn: .seconds(10), hasToken: true))
        #expect(machine.usable(at: .at(80)) != nil)
        #expect(machine.requestAlarm == .at(90))
        _ = machine.settle(at: .at(90))
        #expect(refuse(90) == .refused("no"))
        #expect(machine.refusal == "no")
    }

    @Test mutating func refusalIsFinalUnlessTold() {
        #expect(refuse(0) == .refused("no"))
        #expect(machine.requestAlarm == .distantFuture)
        #expect(!machine.isDue(at: .distantFuture))
    }

    @Test mutating func refusalIsTriedAgainIfTold() {
        var policy = TokenMachine.Policy()
        policy.retryRefusedEvery = .seconds(60)
        machine = TokenMachine(policy: policy)
        _ = refuse(0)
        #expect(machine.requestAlarm == .at(60))
        _ = fail(60)
        #expect(machine.refusal == "no")
        #expect(machine.requestAlarm == .at(120))
        grant(sent: 120)
        #expect(machine.refusal == nil)
        #expect(machine.usable(at: .at(121))?.generation == 1)
    }

    // MARK: 401

    @Test mutating func rejectedAcceptedTokenIsRenewedAtOnceAndOnce() {
        grant(sent: 0)
        machine.accepted(1)
        #expect(machine.rejected(1, at: .at(10)) == .tokenRejected(generation: 1, wasAccepted: true, renewIn: .zero))
        #expect(machine.isDue(at: .at(10)))
        #expect(machine.usable(at: .at(10)) == nil)
        machine.began(at: .at(10))
        #expect(machine.rejected(1, at: .at(10)) == nil)
        _ = machine.answered(.granted(token: Secret("u"), lifetime: .seconds(3600)), at: .at(11), using: &random)
        #expect(machine.usable(at: .at(11))?.generation == 2)
        // A late 401 of the old one is no news.
        #expect(machine.rejected(1, at: .at(12)) == nil)
        #expect(!machine.isDue(at: .at(12)))
    }

    @Test mutating func rejectedNewTokenIsRenewedAfterASecond() {
        grant(sent: 0)
        #expect(
            machine.rejected(1, at: .at(1)) == .tokenRejected(generation: 1, wasAccepted: false, renewIn: .seconds(1)))
        #expect(machine.usable(at: .at(1)) == nil)
        #expect(!machine.isDue(at: .at(1.999)))
        #expect(machine.isDue(at: .at(2)))
    }

    @Test mutating func twoRejectedNewTokensInARowAreRejectedCredentials() {
        grant(sent: 0)
        _ = machine.rejected(1, at: .at(1))
        grant(sent: 2)
        guard case .refused = machine.rejected(2, at: .at(3)) else {
            Issue.record("not refused")
            return
        }
        #expect(machine.refusal != nil)
        #expect(machine.usable(at: .at(3)) == nil)
        #expect(machine.requestAlarm == .distantFuture)
    }

    @Test mutating func anAcceptanceBetweenBreaksTheRow() {
        grant(sent: 0)
        _ = machine.rejected(1, at: .at(1))
        grant(sent: 2)
        machine.accepted(2)
        grant(sent: 2880)
        #expect(machine.rejected(3, at: .at(2881)) != nil)
        #expect(machine.refusal == nil)
    }

    @Test mutating func lateAcceptanceOfAnOlderTokenDoesNotBreakTheRow() {
        grant(sent: 0)
        machine.accepted(1)
        grant(sent: 2880)
        _ = machine.rejected(2, at: .at(2881))
        machine.accepted(1)
        grant(sent: 2882)
        _ = machine.rejected(3, at: .at(2883))
        #expect(machine.refusal != nil)
    }

    @Test mutating func lateAcceptanceAllowsAProbeAndItsAcceptanceAll() {
        grant(sent: 0)
        _ = machine.rejected(1, at: .at(1))
        #expect(machine.awaitedAcceptance == 1)
        machine.accepted(1)
        #expect(machine.usable(at: .at(1))?.trust == .doubtful)
        machine.probed(1, .left)
        #expect(machine.usable(at: .at(1)) == nil)
        // Another late one does not let a second probe leave.
        machine.accepted(1)
        #expect(machine.usable(at: .at(1)) == nil)
        machine.probed(1, .unanswered)
        #expect(machine.usable(at: .at(1))?.trust == .doubtful)
        machine.probed(1, .left)
        machine.probed(1, .accepted)
        #expect(machine.usable(at: .at(1))?.trust == .whole)
        // The one that was answered 401 still gets its new token.
        #expect(machine.isDue(at: .at(2)))
    }

    @Test mutating func aLambdaThatAlwaysAnswers401CausesNoStorm() {
        grant(sent: 0)
        machine.accepted(1)
        var requests = 0
        var heldBack = 0
        // One rejection of each generation every 100 ms for an hour, while others are accepted.
        for tick in 1...36_000 {
            let now = MonotonicInstant.at(Double(tick) / 10)
            _ = machine.rejected(machine.generation, at: now)
            if machine.isDue(at: now) {
                machine.began(at: now)
                requests += 1
                _ = machine.answered(.granted(token: Secret("t"), lifetime: .seconds(3600)), at: now, using: &random)
            }
            machine.accepted(machine.generation)
            machine.probed(machine.generation, .left)
            machine.probed(machine.generation, .accepted)
            if machine.usable(at: now) == nil { heldBack += 1 }
        }
        #expect(heldBack == 0)
        #expect((1750...1850).contains(requests))
    }

    @Test mutating func rejectedTokenIsHeldBackWhileItsRenewalIsSpaced() {
        grant(sent: 0)
        var renewal = 10.0
        for (round, wait) in [0.0, 1, 2, 2, 2].enumerated() {
            let generation = UInt64(round) + 1
            machine.accepted(generation)
            #expect(machine.usable(at: .at(renewal))?.generation == generation)
            let note = machine.rejected(generation, at: .at(renewal))
            #expect(note == .tokenRejected(generation: generation, wasAccepted: true, renewIn: .seconds(wait)))
            renewal += wait
            #expect(machine.usable(at: .at(renewal)) == nil)
            #expect(machine.requestAlarm == .at(renewal))
            grant(sent: renewal)
        }
    }

    @Test mutating func everyRejectionWithdrawsTrust() {
        grant(sent: 0)
        machine.accepted(1)
        _ = machine.rejected(1, at: .at(10))
        for _ in 0..<3 {
            machine.accepted(1)
            machine.probed(1, .left)
            #expect(machine.rejected(1, at: .at(11)) == nil)
            #expect(machine.usable(at: .at(11)) == nil)
            #expect(machine.awaitedAcceptance == 1)
            // The answer that it waited for is known: a probe that is not in flight cannot come to nothing.
            machine.probed(1, .unanswered)
            #expect(machine.usable(at: .at(11)) == nil)
        }
    }

    @Test mutating func probesOfOlderTokensSayNothing() {
        grant(sent: 0)
        machine.accepted(1)
        grant(sent: 2880)
        _ = machine.rejected(2, at: .at(2881))
        machine.probed(1, .accepted)
        #expect(machine.usable(at: .at(2881)) == nil)
    }

    @Test mutating func spacingEndsWithTheRejections() {
        grant(sent: 0)
        for round in 0..<6 {
            machine.accepted(machine.generation)
            let start = 1000.0 * Double(round) + 10
            #expect(machine.rejected(machine.generation, at: .at(start)) != nil)
            #expect(machine.isDue(at: .at(start)))
            grant(sent: start)
        }
    }

    @Test mutating func renewalThatDoesNotComeReissuesAnAcceptedToken() {
        grant(sent: 0)
        machine.accepted(1)
        _ = machine.rejected(1, at: .at(10))
        _ = fail(10)
        // Held back while nobody else is served.
        #expect(machine.settle(at: .at(100)) == nil)
        machine.accepted(1)
        #expect(machine.settle(at: .at(69)) == nil)
        #expect(machine.settle(at: .at(70)) == .tokenReissued(generation: 2))
        #expect(machine.usable(at: .at(70))?.generation == 2)
        #expect(machine.settle(at: .at(71)) == nil)
    }
}
