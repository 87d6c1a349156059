import Glibc
import HTTPEngine
import JobModel
import Reactor
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct TLSTests {
    @Test func aTrustedServerIsSpokenTo() async throws {
        let server = try TLSServer()
        let engine = try HTTPEngine.make(caFile: server.certificate)
        for _ in 0..<2 {
            let end = await engine.end(of: .get("https://localhost:\(server.port)/"))
            guard case .response(200, _, let body) = end.result else {
                Issue.record("\(end.result)")
                break
            }
            #expect(String(decoding: body, as: UTF8.self).contains("TLSv1"))
        }
        engine.shutdown()
    }

    @Test func aServerThatNobodyVouchesForIsNotSent() async throws {
        let server = try TLSServer()
        let engine = try HTTPEngine.make()
        let end = await engine.end(of: .post("https://localhost:\(server.port)/?secret"))
        #expect(end.result.summary == "notSent tls")
        let message = try #require(end.result.message)
        #expect(message.hasPrefix("TLS with localhost:\(server.port) failed: "))
        #expect(message.contains("certificate"))
        #expect(!message.contains("secret"))
        engine.shutdown()
    }

    @Test func aCertificateForAnotherHostIsNotSent() async throws {
        let server = try TLSServer()
        let engine = try HTTPEngine.make(caFile: server.certificate)
        #expect(await engine.summary(of: .post("https://127.0.0.1:\(server.port)/")) == "notSent tls")
        engine.shutdown()
    }

    @Test func aProbeTellsOfTheCertificate() async throws {
        let server = try TLSServer()
        let probe = ConnectionProbe(HTTPEngineConfiguration(userAgent: "x", caFile: server.certificate))
        let report = await probe.connect(to: "https://localhost:\(server.port)", timeout: .seconds(10))
        #expect(report.failure == nil)
        #expect(report.address == "127.0.0.1")
        let secured = try #require(report.secured)
        #expect(report.resolved <= report.connected && report.connected <= secured)
        let certificate = try #require(report.certificate)
        #expect(certificate.subject.contains("localhost") && certificate.issuer.contains("localhost"))
        // Made for two days.
        let left = try #require(certificate.expires) - SystemTimeSource().wallNow()
        #expect(left > .seconds(86_400) && left <= .seconds(2 * 86_400))
    }

    @Test func aProbeFailsAsARequestWould() async throws {
        let server = try TLSServer()
        let probe = ConnectionProbe(HTTPEngineConfiguration(userAgent: "x"))
        let report = await probe.connect(to: "https://localhost:\(server.port)", timeout: .seconds(10))
        #expect(report.failure?.kind == .tls)
        let deaf = try LoopbackServer { $0.waitForClose() }
        let plain = await probe.connect(to: deaf.url(""), timeout: .seconds(10))
        #expect(plain.failure == nil && plain.secured == nil && plain.certificate == nil)
        #expect(deaf.requests.isEmpty)
        let late = await probe.connect(to: "https://127.0.0.1:\(deaf.port)", timeout: .milliseconds(80))
        #expect(late.failure?.kind == .timeout)
    }

    @Test func aMissingFileOfAuthoritiesIsNotSent() async throws {
        let server = try TLSServer()
        let engine = try HTTPEngine.make(caFile: "/nowhere/ca.pem")
        #expect(await engine.summary(of: .post("https://localhost:\(server.port)/")) == "notSent tls")
        engine.shutdown()
    }
}

@Suite(.timeLimit(.minutes(1))) struct BrokenTLSTests {
    @Test func aServerWithoutTLSIsNotSent() async throws {
        let server = try LoopbackServer { connection in
            connection.answer()
            connection.waitForClose()
        }
        let engine = try HTTPEngine.make()
        #expect(await engine.summary(of: .post("https://127.0.0.1:\(server.port)/")) == "notSent tls")
        engine.shutdown()
    }

    @Test func aServerThatClosesInTheHandshakeIsNotSent() async throws {
        let server = try LoopbackServer { _ in }
        let engine = try HTTPEngine.make()
        #expect(await engine.summary(of: .post("https://127.0.0.1:\(server.port)/")) == "notSent tls")
        engine.shutdown()
    }

    /// The protocols of a ClientHello stand in it as they are (RFC 7301, section 3.1).
    @Test(arguments: [false, true]) func offersHTTP2OnlyIfAsked(isAsked: Bool) async throws {
        let (hellos, continuation) = AsyncStream<[UInt8]>.makeStream()
        let server = try LoopbackServer { continuation.yield($0.readSome()) }
        let engine = try HTTPEngine(
            HTTPEngineConfiguration(userAgent: "x", reactors: 1, offersHTTP2: isAsked))
        #expect(await engine.summary(of: .post("https://127.0.0.1:\(server.port)/")) == "notSent tls")
        var iterator = hellos.makeAsyncIterator()
        let hello = try #require(await iterator.next())
        #expect(hello.contains(Array("\u{8}http/1.1".utf8)))
        #expect(hello.contains(Array("\u{2}h2".utf8)) == isAsked)
        engine.shutdown()
    }

    @Test func aHandshakeThatTakesTooLongIsNotSent() async throws {
        let server = try LoopbackServer { $0.waitForClose() }
        let engine = try HTTPEngine.make()
        let request = HTTPRequest.post("https://127.0.0.1:\(server.port)/", connectTimeout: .milliseconds(80))
        #expect(await engine.summary(of: request) == "notSent timeout")
        engine.shutdown()
    }
}

/// A TLS server for `localhost` with a certificate of its own making: `openssl s_server` in a child process.
private final class TLSServer {
    let port: Int
    /// The certificate, which vouches for itself.
    let certificate: String
    private let child: pid_t
    private let folder: String

    private struct Failure: Error {}

    init() throws {
        var template = Array("/tmp/fnrun-tls-XXXXXX".utf8CString)
        guard let path = mkdtemp(&template) else { throw Failure() }
        folder = String(cString: path)
        certificate = folder + "/certificate.pem"
        let key = folder + "/key.pem"
        let made = try Self.spawn([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
            "-out", certificate, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        ])
        guard Self.exitStatus(of: made) == 0 else { throw Failure() }
        var pipe: [Int32] = [0, 0]
        guard Glibc.pipe(&pipe) == 0 else { throw Failure() }
        for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(pipe[0]) }
        child = try Self.spawn(
            ["s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate, "-www"],
            output: pipe[1])
        close(pipe[1])
        // `ACCEPT 127.0.0.1:PORT`
        var seen: [UInt8] = []
        var byte: UInt8 = 0
        while read(pipe[0], &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n"), seen.starts(with: "ACCEPT".utf8) { break }
            seen = byte == UInt8(ascii: "\n") ? [] : seen + [byte]
        }
        guard let text = String(decoding: seen, as: UTF8.self).split(separator: ":").last, let port = Int(text) else {
            throw Failure()
        }
        self.port = port
    }

    deinit {
        kill(child, SIGKILL)
        _ = Self.exitStatus(of: child)
        for name in ["/certificate.pem", "/key.pem"] { unlink(folder + name) }
        rmdir(folder)
    }

    /// Starts `openssl`, its output going to a descriptor or nowhere.
    private static func spawn(_ arguments: [String], output: Int32? = nil) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0)
        if let output {
            posix_spawn_file_actions_adddup2(&actions, output, 1)
        } else {
            posix_spawn_file_actions_adddup2(&actions, 0, 1)
        }
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var pointers = (["openssl"] + arguments).map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var child = pid_t()
        guard posix_spawnp(&child, "openssl", &actions, nil, &pointers, environ) == 0 else { throw Failure() }
        return child
    }

    private static func exitStatus(of child: pid_t) -> Int32 {
        var status: Int32 = -1
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status
    }
}
