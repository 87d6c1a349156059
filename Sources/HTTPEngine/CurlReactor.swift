import CCurl
import JobModel
import Reactor
import Synchronization

/// A queue with a libcurl multi handle of its own, an epoll descriptor that holds that handle's sockets, and a timer.
///
/// Others hand work over through the inbox; whatever order they do it in, each request is reported once. Watch and
/// alarm hold the reactor, so it lives until it is closed.
///
/// A turn on the queue lasts as long as there is something to do: being called by Dispatch takes several system calls
/// and two changes of threads, which at tens of thousands of requests a second is more than the requests take. So the
/// reactor waits for its sockets itself for a moment before it gives the thread back.
///
/// Unchecked since everything but `load`, `inbox` and `bell` is touched on the queue alone, and the compiler cannot see
/// that libcurl's callbacks come on the queue too.
final class CurlReactor: @unchecked Sendable {
    /// Requests handed over and not yet reported.
    let load = Atomic<Int>(0)
    private let inbox = CommandInbox()
    private let bell: Int32
    private let queue: SerialQueue
    /// For start times and latencies.
    private let time: any TimeSource
    /// For libcurl's timer, since libcurl itself looks at the system's clock.
    private let clock = SystemTimeSource()
    private let settings: TransferSettings
    private let multi: UnsafeMutableRawPointer
    private var sockets: SocketSet
    private var watch: DescriptorWatch?
    private var alarm: Alarm?
    /// When libcurl wants to be called without any socket's doing.
    private var due = MonotonicInstant.distantFuture
    /// What the alarm is armed for; it is left alone when `due` moves away.
    private var armed = MonotonicInstant.distantFuture
    private var isClosed = false
    private var active: [Transfer] = []
    private var idle: [Transfer] = []
    private var outbox = Outbox()

    /// How long a turn waits for sockets.
    private static let lingering = Duration.milliseconds(10)

    init(index: Int, configuration: HTTPEngineConfiguration) throws(HTTPEngineError) {
        sockets = try SocketSet()
        guard let multi = curl_multi_init() else {
            throw HTTPEngineError(.library, message: "libcurl has no memory for a multi handle")
        }
        self.multi = multi
        bell = sockets.bellDescriptor
        queue = SerialQueue(label: "fnrun.http.\(index)")
        time = configuration.time
        settings = TransferSettings(configuration)
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_multi_on_socket(
            multi,
            { _, socket, what, context, _ in
                CurlReactor.of(context)?.sockets.watch(socket, for: what)
                return 0
            }, context)
        ccurl_multi_on_timer(
            multi,
            { _, milliseconds, context in
                CurlReactor.of(context)?.call(after: milliseconds)
                return 0
            }, context)
        // A few more than the share, for hosts beside the busiest one.
        let share = (configuration.maxConnections - 1) / configuration.reactors + 1
        ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, min(share + 4, Int(Int32.max)))
        // The handlers hold the reactor, and with it the descriptor, for as long as Dispatch looks at it.
        watch = DescriptorWatch(descriptor: sockets.epoll, queue: queue) { @Sendable [self] in
            takeTurn()
        } onCancel: { @Sendable [self] in
            withExtendedLifetime(self) {}
        }
        alarm = Alarm(queue: queue) { @Sendable [self] in
            armed = .distantFuture
            takeTurn()
        }
    }

    /// Starts requests.
    func start(_ batch: TransferBatch) {
        load.add(batch.requests.count, ordering: .relaxed)
        wake(inbox.put(.start(batch)))
    }

    func cancelAll(of receiver: any HTTPReceiver) {
        wake(inbox.put(.cancelAll(of: receiver)))
    }

    /// Ends everything and waits for it. Closing twice does nothing.
    func close() {
        wake(inbox.close())
        queue.sync { closeNow() }
    }

    /// Ends everything without waiting for it.
    func closeLater() {
        wake(inbox.close())
        queue.async { @Sendable [self] in closeNow() }
    }

    /// Opens a socket for libcurl (`CURLOPT_OPENSOCKETFUNCTION`).
    func open(_ address: UnsafePointer<curl_sockaddr>) -> curl_socket_t {
        sockets.open(address)
    }

    /// Closes a socket for libcurl (`CURLOPT_CLOSESOCKETFUNCTION`).
    func close(_ socket: curl_socket_t) -> Int32 {
        sockets.close(socket)
    }

    /// The reactor that libcurl was given as a callback's context.
    static func of(_ context: UnsafeMutableRawPointer?) -> CurlReactor? {
        context.map { Unmanaged<CurlReactor>.fromOpaque($0).takeUnretainedValue() }
    }

    private func wake(_ wake: CommandInbox.Wake) {
        switch wake {
        case .nothing: break
        case .schedule: queue.async { @Sendable [self] in takeTurn() }
        case .ring: ccurl_bell_ring(bell)
        }
    }

    /// Does what there is to do until nothing comes for a moment.
    private func takeTurn() {
        inbox.beginTurn()
        var timeout: Int32 = 0
        repeat {
            while !isClosed {
                let mayWait = timeout > 0 && inbox.beginLingering()
                let isAnythingReady = sockets.wait(milliseconds: mayWait ? timeout : 0)
                if mayWait { inbox.endLingering() }
                var running: Int32 = 0
                while let (socket, what) = sockets.next() {
                    curl_multi_socket_action(multi, socket, what, &running)
                }
                collectDone()
                let isAnythingAsked = carryOutCommands()
                let wasDue = callIfDue()
                deliver()
                guard isAnythingReady || isAnythingAsked || wasDue || (timeout == 0 && !active.isEmpty) else { break }
                timeout = active.isEmpty ? 0 : untilDue(atMost: Self.lingering)
                if inbox.isClosing { break }
            }
            if isClosed {
                carryOutCommands()
                deliver()
            }
        } while !inbox.endTurn()
        if !isClosed, due < armed {
            armed = due
            alarm?.arm(at: due)
        }
    }

    @discardableResult
    private func carryOutCommands() -> Bool {
        let commands = inbox.take()
        for command in commands {
            switch command {
            case .start(let batch): for request in batch.requests { begin(request, of: batch) }
            case .cancelAll(let receiver): abort { $0.receiver === receiver }
            }
        }
        return !commands.isEmpty
    }

    private func begin(_ request: HTTPRequest, of batch: TransferBatch) {
        func end(_ result: HTTPEnd.Result) {
            let latency = batch.monotonic.duration(to: time.monotonicNow())
            outbox.add(
                HTTPEnd(id: request.id, result: result, startedAt: batch.wall, latency: latency), to: batch.receiver)
        }
        guard !isClosed else { return end(.cancelled) }
        guard let transfer = idle.popLast() ?? Transfer(settings: settings, reactor: self) else {
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
        var code = CURLE_OK
        guard var handle = ccurl_multi_next_done(multi, &code) else { return }
        let now = time.monotonicNow()
        while true {
            if let transfer = Transfer.of(handle) { end(transfer, at: now) { $0.result(of: code) } }
            guard let next = ccurl_multi_next_done(multi, &code) else { return }
            handle = next
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

    /// libcurl wants to be called after some milliseconds, or not at all if negative (`CURLMOPT_TIMERFUNCTION`). Not
    /// from within this callback, which comes out of libcurl.
    private func call(after milliseconds: Int) {
        due =
            milliseconds < 0 ? .distantFuture : clock.monotonicNow().advanced(by: .milliseconds(milliseconds))
    }

    /// Calls libcurl for as long as it wants to be called at once.
    ///
    /// - Returns: whether it did.
    private func callIfDue() -> Bool {
        var wasDue = false
        while due != .distantFuture, due <= clock.monotonicNow() {
            wasDue = true
            due = .distantFuture
            var running: Int32 = 0
            curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running)
            collectDone()
        }
        return wasDue
    }

    /// Whole milliseconds until libcurl wants to be called, rounded up.
    private func untilDue(atMost limit: Duration) -> Int32 {
        guard due != .distantFuture else { return Int32(limit.curlMilliseconds) }
        let wait = clock.monotonicNow().duration(to: due)
        return wait <= .zero ? 0 : Int32(min(wait, limit).curlMilliseconds)
    }
}
