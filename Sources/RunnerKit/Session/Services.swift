internal import Execution
internal import HTTPEngine
internal import JobModel
internal import LivePerson
internal import Logging
internal import Reactor
internal import Synchronization

/// What all runs of the process share: the HTTP engine, the limits, one gateway per account.
final class Services: Sendable {
    /// What tells accounts apart: runs that agree in it share hosts and token.
    private struct AccountKey: Hashable {
        var endpoints: Endpoints
        var id: String
        var clientID: String
        var platform: Platform
    }

    let time: any TimeSource
    let engine: ExecutionEngine
    private let http: HTTPEngine
    private let options: GatewayOptions
    private let logger: Logger
    private let gateways = Mutex<[AccountKey: LivePersonGateway]>([:])

    /// - Throws: ``CommandFailure`` with status 3 if libcurl does not start.
    init(
        settings: RunSettings, time: any TimeSource, logger: Logger
    ) throws(CommandFailure) {
        self.time = time
        self.logger = logger
        let maximum = Swift.max(settings.maxConcurrency, settings.concurrency ?? 1)
        DescriptorLimit.raise()
        do {
            http = try HTTPEngine(
                HTTPEngineConfiguration(
                    userAgent: "fnrun/\(Version.current)", maxConnections: maximum,
                    offersHTTP2: settings.offersHTTP2, time: time))
        } catch {
            throw CommandFailure(.unreachable, error.message)
        }
        engine = ExecutionEngine(maximumConcurrency: maximum, time: time)
        var options = GatewayOptions()
        options.authTimeout = settings.authTimeout
        self.options = options
    }

    /// The one gateway of an account.
    func gateway(for account: Account) -> LivePersonGateway {
        let key = AccountKey(
            endpoints: account.endpoints, id: account.id, clientID: account.clientID, platform: account.platform)
        return gateways.withLock { gateways in
            if let gateway = gateways[key] { return gateway }
            let gateway = LivePersonGateway(
                account: account, transport: http, options: options, time: time, logger: logger)
            gateways[key] = gateway
            return gateway
        }
    }

    /// Ends what is in flight and closes all connections.
    func shutdown() {
        http.shutdown()
    }
}
