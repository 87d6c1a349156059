import CCurl
import Glibc
import JobModel
import Reactor
import Synchronization

/// A queue with a libcurl multi handle of its own, an epoll descriptor that holds that handle's sockets, and a timer.
///
/// Others hand work over through the inbox; whatever order they do it in, each request is reported once. Watch and
/// alarm hold the reactor, so it lives until it is closed.
///
/// Unchecked since everything but `load` and `inbox` is touched on the queue alone, and the compiler cannot see through
/// libcurl's callbacks that they come on the queue too.
final class CurlReactor: @unchecked Sendable {
    /// Requests handed over and not yet reported.
    let load = Atomic<Int>(0)
    private let inbox = Mutex(Inbox())
    private let queue: SerialQueue
    /// For start times and latencies.
    private let time: any TimeSource
    /// For libcurl's timer, since libcurl itself looks at the system's clock.
    private let clock = SystemTimeSource()
    private let settings: TransferSettings
    private let multi: UnsafeMutableRawPointer
    private let epoll: Int32
    private var watch: DescriptorWatch?
    private var alarm: Alarm?
    /// When libcurl wants to be called without any socket's doing.
    private var due = MonotonicInstant.distantFuture
    /// What the alarm is armed for: never later than `due`. It is left alone when `due` moves away.
    private var armed = MonotonicInstant.distantFuture
    private var isDueNow = false
    private var isClosed = false
    private var active: [Transfer] = []
    private var idle: [Transfer] = []
    private var outbox = Outbox()

    /// Rounds over ready sockets in one turn on the queue, before other work of the queue gets its turn.
    private static let roundsPerTurn = 16

    private enum Command: Sendable {
        case start(TransferBatch)
        case cancelAll(of: any HTTPReceiver)
    }

    private struct Inbox: Sendable {
        var commands: [Command] = []
        var isScheduled = false
    }

    init(index: Int, configuration: HTTPEngineConfiguration) throws(HTTPEngineError) {
        guard let multi = curl_multi_init() else {
            throw HTTPEngineError(.library, message: "libcurl has no memory for a multi handle")
        }
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else {
            let reason = String(cString: strerror(errno))
            curl_multi_cleanup(multi)
            throw HTTPEngineError(.descriptor, message: "no epoll descriptor: \(reason)")
        }
        self.multi = multi
        queue = SerialQueue(label: "fnrun.http.\(index)")
        time = configuration.time
        settings = TransferSettings(configuration)
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_multi_on_socket(
            multi, { _, socket, what, context, known in CurlReactor.watch(socket, what, context, known) }, context)
        ccurl_multi_on_timer(multi, { _, wait, context in CurlReactor.call(after: wait, context) }, context)
        // A few more than the share, for hosts beside the busiest one.
        let share = (configuration.maxConnections - 1) / configuration.reactors + 1
        ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, min(share + 4, Int(Int32.max)))
        let (queue, epoll) = (queue, epoll)
        watch = DescriptorWatch(descriptor: epoll, queue: queue) { @Sendable [self] in
            socketsAreReady()
        } onCancel: { @Sendable in
            Glibc.close(epoll)
        }
        alarm = Alarm(queue: queue) { @Sendable [self] in alarmFired() }
    }

    /// Starts requests.
    func start(_ batch: TransferBatch) {
        load.add(batch.requests.count, ordering: .relaxed)
        hand(over: .start(batch))
    }

    func cancelAll(of receiver: any HTTPReceiver) {
        hand(over: .cancelAll(of: receiver))
    }

    /// Ends everything and waits for it. Closing twice does nothing.
    func close() {
        queue.sync { closeNow() }
    }

    /// Ends everything without waiting for it.
    func closeLater() {
        queue.async { @Sendable [self] in closeNow() }
    }

    private func hand(over command: Command) {
        let mustSchedule = inbox.withLock { inbox in
            inbox.commands.append(command)
            defer { inbox.isScheduled = true }
            return !inbox.isScheduled
        }
        guard mustSchedule else { return }
        queue.async { @Sendable [self] in
            inbox.withLock { $0.isScheduled = false }
            carryOutCommands()
            callIfDue()
            deliver()
        }
    }

    private func carryOutCommands() {
        let commands = inbox.withLock { inbox in
            let commands = inbox.commands
            if !commands.isEmpty { inbox.commands = [] }
            return commands
        }
        for command in commands {
            switch command {
            case .start(let batch): for request in batch.requests { begin(request, of: batch) }
            case .cancelAll(let receiver): abort { $0.receiver === receiver }
            }
        }
    }

    private func begin(_ request: HTTPRequest, of batch: TransferBatch) {
        func end(_ result: HTTPEnd.Result) {
            let latency = batch.monotonic.duration(to: time.monotonicNow())
            outbox.add(
                HTTPEnd(id: request.id, result: result, startedAt: batch.wall, latency: latency), to: batch.receiver)
        }
        guard !isClosed else { return end(.cancelled) }
        guard let transfer = idle.popLast() ?? Transfer(settings: settings) else {
            return end(.notSent(TransportFailure(.aborted, message: "no memory for a request")))
        }
        var failure = transfer.prepare(request, of: batch)
        if failure == nil {
            let code = curl_multi_add_handle(multi, transfer.handle)
            if code != CURLM_OK {
                failure = TransportFailure(.aborted, message: String(cString: curl_multi_strerror(code)))
            }
        }
        if let failure {
            transfer.clear()
            idle.append(transfer)
            return end(.notSent(failure))
        }
        transfer.position = active.count
        active.append(transfer)
    }

    /// Takes a transfer out and reports it.
    private func end(_ transfer: Transfer, at now: MonotonicInstant, as result: (Transfer) -> HTTPEnd.Result) {
        curl_multi_remove_handle(multi, transfer.handle)
        if let receiver = transfer.receiver {
            let latency = transfer.monotonic.duration(to: now)
            outbox.add(
                HTTPEnd(id: transfer.id, result: result(transfer), startedAt: transfer.wall, latency: latency),
                to: receiver)
        }
        transfer.clear()
        let last = active.removeLast()
        if last !== transfer {
            active[transfer.position] = last
            last.position = transfer.position
        }
        idle.append(transfer)
    }

    private func abort(where isMeant: (Transfer) -> Bool) {
        let now = time.monotonicNow()
        for transfer in active where isMeant(transfer) {
            end(transfer, at: now) { $0.resultOfAbort() }
        }
    }

    private func collectDone() {
        let now = time.monotonicNow()
        var code = CURLE_OK
        while let handle = ccurl_multi_next_done(multi, &code) {
            guard let transfer = Transfer.of(handle) else { continue }
            end(transfer, at: now) { $0.result(of: code) }
        }
    }

    private func deliver() {
        for (receiver, ends) in outbox.take() {
            load.subtract(ends.count, ordering: .relaxed)
            receiver.received(ends)
        }
    }

    private func closeNow() {
        guard !isClosed else { return }
        // What was handed over before is begun and at once called off, so that it is reported as called off.
        carryOutCommands()
        isClosed = true
        abort { _ in true }
        idle = []
        curl_multi_cleanup(multi)
        watch?.cancel()
        watch = nil
        alarm = nil
        deliver()
    }

    private func socketsAreReady() {
        for _ in 0..<Self.roundsPerTurn {
            guard !isClosed, ccurl_run_ready(multi, epoll) > 0 else { break }
            collectDone()
            deliver()
            // Answers bring requests: those that are already here need no turn of their own.
            carryOutCommands()
            callIfDue()
        }
        callIfDue()
        deliver()
    }

    private func alarmFired() {
        armed = .distantFuture
        if due <= clock.monotonicNow() { isDueNow = true }
        callIfDue()
        deliver()
    }

    /// Calls libcurl for as long as it wants to be called at once; then arms the alarm for later.
    private func callIfDue() {
        guard !isClosed else { return }
        while isDueNow {
            isDueNow = false
            due = .distantFuture
            var running: Int32 = 0
            curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running)
            collectDone()
        }
        if due < armed {
            armed = due
            alarm?.arm(at: due)
        }
    }

    /// libcurl wants a socket watched, or not any more (`CURLMOPT_SOCKETFUNCTION`).
    private static func watch(
        _ socket: curl_socket_t, _ what: Int32, _ context: UnsafeMutableRawPointer?, _ known: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let context else { return -1 }
        let reactor = Unmanaged<CurlReactor>.fromOpaque(context).takeUnretainedValue()
        if what == CURL_POLL_REMOVE {
            ccurl_epoll_forget(reactor.epoll, socket)
            return 0
        }
        // A failure (no memory in the kernel) lets this one transfer time out; telling libcurl would make it give up
        // the whole multi handle.
        let isWatched = known != nil
        if ccurl_epoll_watch(reactor.epoll, socket, what, isWatched ? 1 : 0) == 0, !isWatched {
            curl_multi_assign(reactor.multi, socket, context)
        }
        return 0
    }

    /// libcurl wants to be called after some milliseconds, or not at all (`CURLMOPT_TIMERFUNCTION`). Not from within
    /// this callback, which comes out of libcurl.
    private static func call(after milliseconds: Int, _ context: UnsafeMutableRawPointer?) -> Int32 {
        guard let context else { return -1 }
        let reactor = Unmanaged<CurlReactor>.fromOpaque(context).takeUnretainedValue()
        reactor.isDueNow = milliseconds == 0
        reactor.due =
            milliseconds < 0
            ? .distantFuture : reactor.clock.monotonicNow().advanced(by: .milliseconds(milliseconds))
        return 0
    }
}
