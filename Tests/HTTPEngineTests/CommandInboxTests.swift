import Testing

@testable import HTTPEngine

@Suite struct CommandInboxTests {
    private let inbox = CommandInbox()
    private let command = CommandInbox.Command.cancelAll(of: Collector())

    @Test func aSleeperIsScheduledOnce() {
        #expect(inbox.put(command) == .schedule)
        #expect(inbox.put(command) == .nothing)
        inbox.beginTurn()
        #expect(inbox.put(command) == .nothing)
        #expect(inbox.take().count == 3)
        #expect(inbox.take().isEmpty)
        #expect(inbox.endTurn())
        #expect(inbox.put(command) == .schedule)
    }

    @Test func aTurnDoesNotEndWhileSomethingIsIn() {
        inbox.beginTurn()
        #expect(inbox.put(command) == .nothing)
        #expect(!inbox.endTurn())
        #expect(inbox.put(command) == .nothing)
        #expect(inbox.take().count == 2)
        #expect(inbox.endTurn())
    }

    @Test func oneRingEndsAWait() {
        inbox.beginTurn()
        #expect(inbox.beginLingering())
        #expect(inbox.put(command) == .ring)
        #expect(inbox.put(command) == .nothing)
        inbox.endLingering()
        #expect(!inbox.beginLingering())
        #expect(inbox.take().count == 2)
        #expect(inbox.beginLingering())
    }

    @Test func closingEndsLingeringForGood() {
        inbox.beginTurn()
        #expect(inbox.beginLingering())
        #expect(!inbox.isClosing)
        #expect(inbox.close() == .ring)
        #expect(inbox.isClosing)
        inbox.endLingering()
        #expect(!inbox.beginLingering())
        #expect(inbox.endTurn())
        #expect(inbox.close() == .nothing)
        // What comes afterwards has to be told that it came too late.
        #expect(inbox.put(command) == .schedule)
    }
}
