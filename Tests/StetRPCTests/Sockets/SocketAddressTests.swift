import StetRPC
import Testing

@Suite("A10: addresses of servers") struct SocketAddressTests {
  @Test("what is understood")
  func understood() throws {
    #expect(try SocketAddress("unix://") == .unix(path: nil))
    #expect(try SocketAddress("unix:///run/x.sock") == .unix(path: "/run/x.sock"))
    #expect(try SocketAddress("unix://x y.sock") == .unix(path: "x y.sock"))
    #expect(try SocketAddress("ws://127.0.0.1:4500") == .webSocket(host: .v4("127.0.0.1"), port: 4500))
    #expect(try SocketAddress("ws://127.0.0.1:0/") == .webSocket(host: .v4("127.0.0.1"), port: 0))
    #expect(try SocketAddress("ws://127.1.2.3:1") == .webSocket(host: .v4("127.1.2.3"), port: 1))
    #expect(try SocketAddress("ws://localhost:65535") == .webSocket(host: .v4("127.0.0.1"), port: 65_535))
    #expect(try SocketAddress("ws://[::1]:80") == .webSocket(host: .v6, port: 80))
  }

  @Test(
    "other machines and malformed addresses are refused",
    arguments: [
      "ws://0.0.0.0:1", "ws://192.168.1.2:80", "ws://example.org:80", "ws://127.0.0.1.evil.org:80",
      "ws://127.0.0.01:80", "ws://127.0.0.256:80", "ws://127.1:80", "ws://[::]:80", "ws://user@127.0.0.1:80",
      "ws://127.0.0.1", "ws://127.0.0.1:", "ws://127.0.0.1:65536", "ws://127.0.0.1:+1", "ws://127.0.0.1:1/x",
      "ws://:1", "wss://127.0.0.1:1", "http://127.0.0.1:1", "stdio://", "", "unix:/x", "unix://a\0b",
    ])
  func refused(text: String) { #expect(throws: SocketError.self) { try SocketAddress(text) } }
}
