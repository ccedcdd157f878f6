import StetTestSupport
import Synchronization
import Testing

@testable import StetNet

@Suite struct RedirectTests {
  let client = HTTPClient(environment: [:])
  let keys = [("Authorization", "Bearer k"), ("x-api-key", "k"), ("Accept", "application/json")]

  /// A server that remembers what reached it.
  final class Witness: Sendable {
    let seen = Mutex<[(method: String, path: String, headers: [(String, String)], body: [UInt8])]>([])
    func note(_ exchange: LoopbackExchange) {
      seen.withLock { $0.append((exchange.method, exchange.path, exchange.headers, exchange.body)) }
    }
    func headers(_ index: Int) -> [String] { seen.withLock { $0[index].headers.map(\.0) } }
    var count: Int { seen.withLock { $0.count } }
  }

  @Test func getIsFollowedOnTheSamePlaceWithItsHeaders() async throws {
    let witness = Witness()
    let server = try LoopbackServer { exchange in
      witness.note(exchange)
      if exchange.path == "/old" {
        exchange.respond(301, headers: [("Location", "new?a=1")], body: "moved")
      } else {
        exchange.respond(200, body: exchange.path)
      }
    }
    let answer = try await client.fetch(HTTPRequest(url: server.url + "/old", headers: keys), maxBytes: 100)
    #expect(String(decoding: answer.body, as: UTF8.self) == "/new?a=1")
    #expect(witness.headers(1).contains("x-api-key"))
  }

  @Test func getElsewhereLosesItsKeys() async throws {
    let witness = Witness()
    let other = try LoopbackServer { exchange in
      witness.note(exchange)
      exchange.respond(200, body: "other")
    }
    let server = try LoopbackServer { $0.respond(302, headers: [("Location", other.url + "/x")]) }
    let answer = try await client.fetch(HTTPRequest(url: server.url, headers: keys), maxBytes: 100)
    #expect(answer.status == 200)
    #expect(witness.headers(0).contains("accept"))
    #expect(!witness.headers(0).contains("authorization"))
    #expect(!witness.headers(0).contains("x-api-key"))
  }

  @Test func aStreamsPostIsRepeatedOnTheSamePlaceOnly() async throws {
    let witness = Witness()
    let server = try LoopbackServer { exchange in
      witness.note(exchange)
      if exchange.path == "/v1/responses" {
        exchange.respond(307, headers: [("Location", "/v2/responses")])
      } else {
        exchange.respond(200, body: exchange.method)
      }
    }
    let request = HTTPRequest(
      method: "POST", url: server.url + "/v1/responses", headers: keys, body: Array("prompt".utf8))
    let answer = try await client.fetch(request, maxBytes: 100)
    #expect(String(decoding: answer.body, as: UTF8.self) == "POST")
    #expect(witness.seen.withLock { $0[1].body } == Array("prompt".utf8))
  }

  @Test(arguments: [301, 302, 303, 307, 308]) func aPostNeverReachesAnotherPlace(status: Int) async throws {
    let witness = Witness()
    let other = try LoopbackServer { exchange in
      witness.note(exchange)
      exchange.respond(200)
    }
    let server = try LoopbackServer { $0.respond(status, headers: [("Location", other.url)]) }
    let request = HTTPRequest(method: "POST", url: server.url, headers: keys, body: [1])
    let error = await #expect(throws: NetError.self) { try await client.fetch(request, maxBytes: 100) }
    #expect(error?.code == .redirectRefused)
    #expect(
      error?.message
        == "127.0.0.1:\(server.port) redirects to http://127.0.0.1:\(other.port) (HTTP \(status)), "
        + "which was not followed: the request and its keys are meant for 127.0.0.1:\(server.port) only")
    #expect(witness.count == 0)
  }

  @Test func aPostDoesNotBecomeAGet() async throws {
    let server = try LoopbackServer { $0.respond(302, headers: [("Location", "/login")]) }
    let request = HTTPRequest(method: "POST", url: server.url, body: [1])
    let error = await #expect(throws: NetError.self) { try await client.fetch(request, maxBytes: 100) }
    #expect(error?.message.hasSuffix("it would turn a POST into a GET") == true)
  }

  @Test func circlesEnd() async throws {
    let witness = Witness()
    let server = try LoopbackServer { exchange in
      witness.note(exchange)
      exchange.respond(302, headers: [("Location", "/again")])
    }
    let error = await #expect(throws: NetError.self) {
      try await client.fetch(HTTPRequest(url: server.url), maxBytes: 100)
    }
    #expect(error?.code == .redirectRefused)
    #expect(witness.count == Redirect.limit + 1)
  }

  @Test func encryptionIsNeverLost() throws {
    let old = Origin(scheme: "https", host: "a.example", port: "443")
    let new = Origin(scheme: "http", host: "a.example", port: "80")
    #expect(throws: NetError.self) {
      try Redirect.next(
        after: HTTPRequest(url: "https://a.example"), status: 301, from: old, to: new, url: "http://a.example"
      )
    }
    let upgraded = try Redirect.next(
      after: HTTPRequest(method: "POST", url: "http://a.example", headers: keys), status: 308, from: new,
      to: old,
      url: "https://a.example")
    #expect(upgraded.url == "https://a.example")
    #expect(upgraded.headers.count == keys.count)
  }

  @Test func loopbackIsKnown() {
    for (host, expected) in [
      ("localhost", true), ("127.0.0.1", true), ("127.8.9.1", true), ("[::1]", true), ("a.localhost", true),
      ("127.example.com", false), ("127.0.0.1.example.com", false), ("10.0.0.1", false), ("128.0.0.1", false),
    ] {
      #expect(Origin(scheme: "http", host: host, port: "80").isLoopback == expected, "\(host)")
    }
  }
}
