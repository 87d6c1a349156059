import JobModel
import Logging

/// Writes an account's notes to the log: static messages, the rest as metadata.
struct GatewayLog: Sendable {
    private let logger: Logger

    init(_ logger: Logger, accountID: String) {
        var logger = logger
        logger[metadataKey: "account"] = "\(accountID)"
        self.logger = logger
    }

    func write(_ note: AccountNote) {
        switch note {
        case .lookedUp(let service, let found, let previous):
            let level: Logger.Level = previous == nil ? .info : previous == found ? .debug : .notice
            let text: Logger.Message = previous == nil || previous == found ? "host looked up" : "host has moved"
            logger.log(level: level, text, metadata: ["service": "\(service.rawValue)", "host": "\(found.base)"])
        case .lookupFailed(let service, let reason, let wait, let hasStale):
            let metadata: Logger.Metadata = [
                "service": "\(service.rawValue)", "reason": "\(reason)", "retryIn": "\(wait.durationText)",
                "usesKnownHost": "\(hasStale)",
            ]
            logger.warning("host lookup failed", metadata: metadata)
        case .refused(let reason):
            logger.error("account or credentials refused", metadata: ["reason": "\(reason)"])
        case .tokenGranted(let generation, let lifetime):
            logger.info(
                "token obtained", metadata: ["generation": "\(generation)", "lifetime": "\(lifetime.durationText)"])
        case .tokenFailed(let reason, let wait, let hasToken):
            let metadata: Logger.Metadata = [
                "reason": "\(reason)", "retryIn": "\(wait.durationText)", "hasValidToken": "\(hasToken)",
            ]
            logger.warning("token request failed", metadata: metadata)
        case .tokenRejected(let generation, let wasAccepted, let wait):
            let metadata: Logger.Metadata = [
                "generation": "\(generation)", "wasAccepted": "\(wasAccepted)", "renewIn": "\(wait.durationText)",
            ]
            logger.notice("token rejected by the gateway", metadata: metadata)
        case .tokenEnded(let generation):
            logger.info("token has come to its end", metadata: ["generation": "\(generation)"])
        case .tokenReissued(let generation):
            logger.notice("token kept, its renewal does not come", metadata: ["generation": "\(generation)"])
        case .unreachable(let reason):
            logger.error("hosts or token out of reach", metadata: ["reason": "\(reason)"])
        }
    }
}
