import CCurl
import Glibc
import TestSupport
import Testing

@testable import HTTPEngine

@Suite(.timeLimit(.minutes(1))) struct SocketSetTests {
    @Test func theBellEndsAWaitOnce() throws {
        var sockets = try SocketSet()
        let isReady = sockets.wait(milliseconds: 0)
        #expect(!isReady)
        ccurl_bell_ring(sockets.bellDescriptor)
        ccurl_bell_ring(sockets.bellDescriptor)
        let rang = sockets.wait(milliseconds: 10_000)
        let found = sockets.next()
        let rangAgain = sockets.wait(milliseconds: 0)
        #expect(rang && found == nil && !rangAgain)
    }

    @Test func aSocketThatWasGivenUpIsNotReportedAndNotWaitedFor() throws {
        let server = try LoopbackServer { $0.send("x") }
        var sockets = try SocketSet()
        let socket = try Self.connect(to: server.port, by: &sockets)
        sockets.watch(socket, for: CURL_POLL_IN)
        let isReady = sockets.wait(milliseconds: 10_000)
        let first = sockets.next()
        #expect(isReady)
        #expect(first?.socket == socket && first?.what == CURL_CSELECT_IN)
        let second = sockets.next()
        #expect(second == nil)
        // Given up while there is something to read: noticed once, and then left alone.
        sockets.watch(socket, for: CURL_POLL_REMOVE)
        _ = sockets.wait(milliseconds: 0)
        let parked = sockets.next()
        let isReadyStill = sockets.wait(milliseconds: 0)
        #expect(parked == nil && !isReadyStill)
        // Asked for again.
        sockets.watch(socket, for: CURL_POLL_IN)
        let isReadyAgain = sockets.wait(milliseconds: 10_000)
        let third = sockets.next()
        #expect(isReadyAgain && third?.socket == socket)
        _ = sockets.close(socket)
    }

    @Test func newsOfASocketThatIsClosedMeanwhileIsDropped() throws {
        let server = try LoopbackServer { $0.send("x") }
        var sockets = try SocketSet()
        var open: [curl_socket_t] = []
        for _ in 0..<2 {
            let socket = try Self.connect(to: server.port, by: &sockets)
            var byte: UInt8 = 0
            #expect(recv(socket, &byte, 1, Int32(MSG_PEEK)) == 1)
            sockets.watch(socket, for: CURL_POLL_INOUT)
            open.append(socket)
        }
        _ = sockets.wait(milliseconds: 10_000)
        let news = sockets.next()
        let first = try #require(news)
        let other = try #require(open.first { $0 != first.socket })
        _ = sockets.close(other)
        let second = sockets.next()
        #expect(second == nil)
        _ = sockets.close(first.socket)
        let isAnythingLeft = sockets.wait(milliseconds: 0)
        #expect(!isAnythingLeft)
    }

    private static func connect(to port: UInt16, by sockets: inout SocketSet) throws -> curl_socket_t {
        var address = curl_sockaddr()
        address.family = AF_INET
        address.socktype = Int32(SOCK_STREAM.rawValue)
        let socket = sockets.open(&address)
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = port.bigEndian
        target.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: target) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(status == 0)
        return socket
    }
}
