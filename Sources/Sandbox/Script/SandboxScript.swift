package import JobModel

/// What a sandbox does: which accounts, functions and events it knows, and how they behave and fail.
///
/// As YAML, with every key optional but `version`:
/// ```yaml
/// version: 1
/// platform: v1                 # or v2: error bodies {"code","message"}, no `v`, 404 for an event nobody implements
/// strict: true                 # functions not listed here are 404; else any UUID works (as `default` says)
/// accounts:                    # left out: any account id with any credentials
///   "12345678": { clientId: me, clientSecret: s3cret }
/// token:
///   lifetime: 3600s            # whole seconds
///   expiresIn: string          # the answer's `expires_in`: string | number | absent
///   opaque: false              # true: a token that is no JWT
///   revokeAfter: 1000          # a token is revoked after so many requests
///   sequence: [500, reset, ok] # fates of token requests, by arrival
///   then: 500                  # the fate of all after the sequence, default ok
///   latency: 50ms
/// domainApi:
///   sequence: [500, ok]
///   then: ok
///   latency: 5ms
///   hosts: { sentinel: "127.0.0.1:9", faasGW: null }   # another host; null: no such service
/// functions:
///   6f91f192-c1df-40e0-94f9-8765fd70fd02:
///     name: hello
///     reply: { greeting: "hello {{ payload.name }}" }  # default: the payload, byte for byte
///     latency: 20ms            # or { min: 10ms, max: 50ms }
///     sequence: [429, { status: 429, retryAfter: 1 }, 500, ok]
///     per: request             # each request id has its own sequence; or function: all share one
///     then: 901                # the fate of requests after the sequence, default ok
///     failures: { rate: 5%, as: [429, 500, reset], seed: 1 }
///     match:                   # the first case whose conditions hold replaces what it names
///       - when: { payload.id: 3, headers.X-Tenant: emea }
///         then: { status: 901, code: com.example.bad, message: no such customer }
/// default: { latency: 5ms }    # a function's settings, for every UUID not listed
/// events:                      # left out: every event is implemented by one function that echoes
///   controllerbot_messaging_conversation_end: [6f91f192-c1df-40e0-94f9-8765fd70fd02]
/// remember: { requestIds: 100000, payloads: 0 }        # how many are remembered to find repetitions
/// ```
/// A fate is `ok`, a status of three digits, `reset`, `close`, `torn`, `hang`, `garbage`, `revoked`, `expired`, or a
/// mapping with `status` or `kind` and `retryAfter` (seconds, `{ date: 5s }` or a text), `code`, `message`, `body`
/// and `latency`. Replies may use `payload`, `headers`, `function.uuid`, `function.name`, `account`, `requestId`,
/// `attempt` (from 1) and `index` (requests that the function got before).
package struct SandboxScript: Sendable {
    /// V1 or V2; `auto` is V1.
    package var platform: Platform
    /// Whether functions that are not listed are unknown (404).
    package var isStrict: Bool
    /// Accounts by id; empty takes any account id with any credentials.
    package var accounts: [String: Credentials]
    package var token: TokenScript
    package var domainAPI: DomainScript
    /// Functions by UUID in lower case.
    package var functions: [String: FunctionScript]
    /// The behaviour of functions that are not listed.
    package var fallback: FunctionScript
    /// The functions that implement an event, by its id; nil: every event is implemented by one that echoes.
    package var events: [String: [String]]?
    package var memory: MemoryLimits

    package init(
        platform: Platform = .v1, isStrict: Bool = false, accounts: [String: Credentials] = [:],
        token: TokenScript = TokenScript(), domainAPI: DomainScript = DomainScript(),
        functions: [String: FunctionScript] = [:], fallback: FunctionScript = FunctionScript(),
        events: [String: [String]]? = nil, memory: MemoryLimits = MemoryLimits()
    ) {
        self.platform = platform
        self.isStrict = isStrict
        self.accounts = accounts
        self.token = token
        self.domainAPI = domainAPI
        self.functions = functions
        self.fallback = fallback
        self.events = events
        self.memory = memory
    }

    /// What a client must present for an account.
    package struct Credentials: Sendable, Hashable {
        package var clientID: String
        package var clientSecret: Secret

        package init(clientID: String, clientSecret: Secret) {
            self.clientID = clientID
            self.clientSecret = clientSecret
        }
    }

    /// How much is remembered to find repetitions; the oldest is forgotten first.
    package struct MemoryLimits: Sendable, Hashable {
        /// Request ids, about 100 bytes each.
        package var requestIDs: Int
        /// Distinct payloads that were executed, about 50 bytes each; 0 remembers none.
        package var payloads: Int

        package init(requestIDs: Int = 100_000, payloads: Int = 0) {
            self.requestIDs = requestIDs
            self.payloads = payloads
        }
    }

    var isV2: Bool { platform == .v2 }
}
