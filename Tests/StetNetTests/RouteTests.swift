import StetNet
import StetTestSupport
import Synchronization
import Testing

/// Proxies, certificates and connections that are ready before they are needed.
@Suite(.timeLimit(.minutes(10)))
struct RouteTests {
  @Test func aProxyIsPassedByWhereTheEnvironmentSaysSo() async throws {
    let proxy = try LoopbackServer { $0.respond(200, body: "proxy") }
    let client = HTTPClient(environment: [
      "http_proxy": "http://ada:secret@127.0.0.1:\(proxy.port)", "NO_PROXY": "direct.invalid,.corp.invalid",
    ])
    let asked = try await client.fetch(HTTPRequest(url: "http://model.invalid/v1"), maxBytes: 100)
    #expect(asked.body == Array("proxy".utf8))
    for host in ["direct.invalid", "x.corp.invalid"] {
      let error = await #expect(throws: NetError.self) {
        try await client.fetch(HTTPRequest(url: "http://\(host)/v1"), maxBytes: 100)
      }
      #expect(error?.code == .resolve, "asked directly, and there is no such host")
    }
    #expect(client.route(to: "http://model.invalid/v1").proxy == "127.0.0.1:\(proxy.port)")
    #expect(client.route(to: "http://x.corp.invalid/v1").proxy == nil)
    #expect(client.route(to: "https://model.invalid/v1").proxy == nil)
    #expect(client.route(to: "http://127.0.0.1:1/v1").proxy == nil)
  }

  @Test func aRequestOverTLSAsksTheProxyForATunnel() async throws {
    let seen = Gate()
    let proxy = try LoopbackServer { exchange in
      #expect(exchange.method == "CONNECT" && exchange.path == "model.invalid:443")
      #expect(exchange["proxy-authorization"]?.hasPrefix("Basic ") == true)
      seen.open()
      exchange.respond(403)
    }
    let client = HTTPClient(environment: ["HTTPS_PROXY": "http://ada:secret@127.0.0.1:\(proxy.port)"])
    let error = await #expect(throws: NetError.self) {
      try await client.fetch(HTTPRequest(url: "https://model.invalid/v1"), maxBytes: 100)
    }
    await seen.opened()
    #expect(error?.message.contains("secret") == false)
  }

  @Test(arguments: ["SSL_CERT_FILE", "CODEX_CA_CERTIFICATE", "STET_CA_CERTIFICATE"])
  func aBundleOfOnesOwnIsTrusted(variable: String) async throws {
    let server = try TLSServer()
    defer { server.stop() }
    var environment = ["SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt"]
    environment[variable] = server.certificate
    let client = HTTPClient(environment: environment)
    #expect(try await client.fetch(HTTPRequest(url: server.url), maxBytes: 1 << 20).status == 200)
    #expect(client.route(to: server.url).certificates == server.certificate)
  }

  @Test func aConnectionThatWasOpenedEarlyServesTheRequest() async throws {
    let opened = Gate()
    let server = try LoopbackServer { exchange in
      #expect(exchange.method == "HEAD" ? exchange["authorization"] == nil : true)
      exchange.respond(exchange.method == "HEAD" ? 401 : 200, body: "hi")
      if exchange.method == "HEAD" { opened.open() }
    }
    let client = HTTPClient(environment: [:])
    client.connect(server.url + "/v1")
    await opened.opened()
    for _ in 0..<2 { _ = try await client.fetch(HTTPRequest(url: server.url + "/v1"), maxBytes: 10) }
    // One, unless the machine is so busy that two minutes pass between two of them: then libcurl lets go of it.
    #expect(server.connections < 3)
  }

  @Test func aStreamThatIsLeftHasAMomentToEndByItself() async throws {
    let (left, told, gone) = (Gate(), Gate(), Gate())
    let stayed = Mutex(false)
    let time = Mutex(0)
    let server = try LoopbackServer { exchange in
      exchange.begin()
      exchange.chunk("data: last event\n\n")
      if exchange.path == "/first" {
        let wasThere = exchange.wait(for: left)
        stayed.withLock { $0 = wasThere }
        told.open()
      }
      if exchange.path == "/long" {
        exchange.untilPeerCloses()
        return gone.open()
      }
      exchange.end()
    }
    let client = HTTPClient(environment: [:], clock: { time.withLock { $0 } })
    func readAndLeave(_ path: String) async throws {
      for try await event in client.stream(HTTPRequest(url: server.url + path)) {
        if case .bytes = event { break }
      }
    }
    try await readAndLeave("/first")
    // What the network thread was told of the first request it does before it begins this one.
    _ = try await client.fetch(HTTPRequest(url: server.url + "/second"), maxBytes: 100)
    left.open()
    await told.opened()
    #expect(stayed.withLock { $0 }, "closed before its end")
    try await readAndLeave("/long")
    _ = try await client.fetch(HTTPRequest(url: server.url + "/second"), maxBytes: 100)
    time.withLock { $0 = 1_000 }
    client.wake()
    await gone.opened()
  }
}
