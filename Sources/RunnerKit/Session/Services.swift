internal import Execution
internal import HTTPEngine
internal import JobModel
internal import LivePerson
internal import Logging
internal import Reactor
internal import Results
internal import Status
internal import Synchronization

/// What all runs of the process share: the HTTP engine, the limits, one gateway per account.
final class Services: Sendable {
    let time: any TimeSource
    let engine: ExecutionEngine
    let http: HTTPEngine
    let syncs: SyncSchedule
    /// Of runs and of accounts, which tell each other of every beginning.
    private let decisions = SerialQueue(label: "fnrun.decisions")
    /// Connects as the engine does, to tell people how that goes.
    let connectionProbe: ConnectionProbe
    private let options: GatewayOptions
    private let logger: Logger
    private let gateways = Mutex(Gateways())

    private struct Gateways {
        var byAccount: [Account: LivePersonGateway] = [:]
        /// Of those that were let go of, by the ids of accounts: what is counted never shrinks.
        var renewalsBefore: [String: Int] = [:]
    }

    /// - Parameter retryRefusedEvery: when refused credentials are tried again; nil is never.
    /// - Throws: ``CommandFailure`` with status 3 if libcurl does not start.
    init(
        settings: RunSettings, time: any TimeSource, logger: Logger, retryRefusedEvery: Duration? = nil
    ) throws(CommandFailure) {
        self.time = time
        syncs = SyncSchedule(time: time)
        self.logger = logger
        let maximum = Swift.max(settings.maxConcurrency, settings.concurrency ?? 1)
        DescriptorLimit.raise()
        let configuration = HTTPEngineConfiguration(
            userAgent: "fnrun/\(Version.current)", maxConnections: maximum, offersHTTP2: settings.offersHTTP2,
            time: time)
        connectionProbe = ConnectionProbe(configuration)
        do {
            http = try HTTPEngine(configuration)
        } catch {
            throw CommandFailure(.unreachable, error.message)
        }
        engine = ExecutionEngine(maximumConcurrency: maximum, time: time, queue: decisions)
        var options = GatewayOptions()
        options.authTimeout = settings.authTimeout
        options.retryRefusedEvery = retryRefusedEvery
        self.options = options
    }

    /// The one gateway of an account: runs that agree in all of it share hosts and token. An account whose secret was
    /// replaced is another one.
    func gateway(for account: Account) -> LivePersonGateway {
        gateways.withLock { gateways in
            if let gateway = gateways.byAccount[account] { return gateway }
            let gateway = LivePersonGateway(
                account: account, transport: http, options: options, time: time, on: decisions, logger: logger)
            gateways.byAccount[account] = gateway
            return gateway
        }
    }

    /// Lets go of all other accounts; runs under way keep theirs.
    func keep(only accounts: some Sequence<Account>) {
        let accounts = Set(accounts)
        gateways.withLock { gateways in
            for (account, gateway) in gateways.byAccount where !accounts.contains(account) {
                gateways.renewalsBefore[account.id, default: 0] += gateway.status().renewals
                gateways.byAccount[account] = nil
            }
        }
    }

    /// The accounts that were used so far, in the order of their ids; those of one id are one.
    var accountStatuses: [AccountStatus] {
        gateways.withLock { gateways in
            var accounts: [String: AccountStatus] = [:]
            for gateway in gateways.byAccount.values {
                let status = gateway.status()
                var account = AccountStatus(id: status.accountID, state: status.state ?? .preparing)
                account.tokenLeft = status.tokenLeft
                account.tokenRenewals = status.renewals
                account.inFlight = status.inFlight
                if let other = accounts[account.id] { account.add(other) }
                accounts[account.id] = account
            }
            for (id, count) in gateways.renewalsBefore { accounts[id]?.tokenRenewals += count }
            return accounts.values.sorted { $0.id < $1.id }
        }
    }

    /// Ends what is in flight and closes all connections.
    func shutdown() {
        http.shutdown()
    }
}
