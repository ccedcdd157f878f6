import Testing

@testable import StetRPC

@Suite("A10: the handshake of a WebSocket") struct WebSocketUpgradeTests {
  private static let token = BearerToken("s3cret-Token")

  private static func request(
    _ line: String = "GET / HTTP/1.1", without: String? = nil, plus more: [String] = [],
    token: String? = "Bearer s3cret-Token"
  ) -> String {
    var fields = [
      "Host: 127.0.0.1:4500", "Upgrade: websocket", "Connection: keep-alive, Upgrade",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
    ]
    fields.removeAll { field in without.map { field.hasPrefix("\($0):") } ?? false }
    if let token { fields.append("Authorization: \(token)") }
    return ([line] + fields + more).joined(separator: "\r\n") + "\r\n\r\n"
  }

  private func answer(_ text: String, token: BearerToken? = token) -> WebSocketUpgrade.Answer {
    WebSocketUpgrade(token: token).answer(Array(text.utf8))
  }

  /// The status of an answer; 0 for an end without one.
  private func status(_ answer: WebSocketUpgrade.Answer) -> Int? {
    switch answer {
    case .wait: nil
    case .end: 0
    case .upgrade(let response, _), .answer(let response), .refuse(let response, _):
      String(decoding: response, as: UTF8.self).split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }
  }

  @Test("a proper request is upgraded, with the accept key of RFC 6455 §1.3")
  func accepts() throws {
    guard case .upgrade(let response, let rest) = answer(Self.request() + "early") else {
      Issue.record("not upgraded")
      return
    }
    let text = String(decoding: response, as: UTF8.self)
    #expect(text.hasPrefix("HTTP/1.1 101 "))
    #expect(text.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
    #expect(text.hasSuffix("\r\n\r\n"))
    #expect(rest == Array("early".utf8))
  }

  @Test("field names and tokens are read in any case; extensions and protocols are not chosen")
  func tolerant() {
    let text = Self.request(token: "bEARER   s3cret-Token")
      .replacing("Upgrade: websocket", with: "uPGRADE:WebSocket  ")
      .replacing("Sec-WebSocket-Version", with: "sec-websocket-VERSION")
      .replacing("\r\n\r\n", with: "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n")
    guard case .upgrade(let response, _) = answer(text) else {
      Issue.record("not upgraded")
      return
    }
    #expect(!String(decoding: response, as: UTF8.self).contains("Extensions"))
  }

  @Test("nothing is answered before the head is whole, however it is cut")
  func waits() {
    let bytes = Array(Self.request().utf8)
    let upgrade = WebSocketUpgrade(token: Self.token)
    for end in bytes.indices.dropFirst() { #expect(upgrade.answer(Array(bytes[..<end])) == .wait) }
    #expect(status(upgrade.answer(bytes)) == 101)
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let what: String
    let request: String
    let status: Int
    var testDescription: String { what }
  }

  static let cases: [Case] = [
    Case(what: "ready", request: "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n", status: 200),
    Case(what: "healthy", request: "GET /healthz?full=1 HTTP/1.1\r\nHost: x\r\n\r\n", status: 200),
    Case(what: "ready over HTTP/1.0", request: "GET /readyz HTTP/1.0\r\n\r\n", status: 200),
    Case(
      what: "ready for a web page", request: "GET /readyz HTTP/1.1\r\nHost: x\r\nOrigin: null\r\n\r\n",
      status: 403),
    Case(what: "a web page", request: request(plus: ["Origin: http://127.0.0.1:4500"]), status: 403),
    Case(what: "an empty origin", request: request(plus: ["origin:"]), status: 403),
    Case(what: "no token", request: request(token: nil), status: 401),
    Case(what: "a wrong token", request: request(token: "Bearer s3cret-Tokem"), status: 401),
    Case(what: "a longer token", request: request(token: "Bearer s3cret-Token1"), status: 401),
    Case(what: "a shorter token", request: request(token: "Bearer s3cret-Toke"), status: 401),
    Case(what: "an empty token", request: request(token: "Bearer "), status: 401),
    Case(what: "another scheme", request: request(token: "Basic s3cret-Token"), status: 401),
    Case(what: "two tokens", request: request(plus: ["Authorization: Bearer s3cret-Token"]), status: 401),
    Case(what: "POST", request: request("POST / HTTP/1.1"), status: 405),
    Case(what: "HTTP/2", request: request("GET / HTTP/2"), status: 505),
    Case(what: "the preface of HTTP/2", request: "PRI * HTTP/2.0\r\n\r\n", status: 505),
    Case(what: "no version", request: request("GET /"), status: 400),
    Case(what: "no host", request: request(without: "Host"), status: 400),
    Case(what: "two hosts", request: request(plus: ["Host: y"]), status: 400),
    Case(what: "no upgrade", request: request(without: "Upgrade"), status: 426),
    Case(what: "no connection", request: request(without: "Connection"), status: 426),
    Case(what: "an upgrade over HTTP/1.0", request: request("GET / HTTP/1.0"), status: 426),
    Case(
      what: "an old version",
      request: request(without: "Sec-WebSocket-Version", plus: ["Sec-WebSocket-Version: 8"]), status: 426),
    Case(what: "no key", request: request(without: "Sec-WebSocket-Key"), status: 400),
    Case(
      what: "a short key",
      request: request(without: "Sec-WebSocket-Key", plus: ["Sec-WebSocket-Key: c2hvcnQ="]),
      status: 400),
    Case(what: "a folded field", request: request(plus: ["X: a\r\n b"]), status: 400),
    Case(what: "a field without colon", request: request(plus: ["nonsense"]), status: 400),
    Case(what: "a field with a blank before its colon", request: request(plus: ["Origin : x"]), status: 400),
    Case(what: "a control character", request: request(plus: ["X: a\u{1}b"]), status: 400),
    Case(what: "many fields", request: request(plus: (0...100).map { "X-\($0): y" }), status: 400),
    Case(
      what: "a long head", request: request(plus: ["X: " + String(repeating: "a", count: 17_000)]),
      status: 431),
    Case(what: "an endless head", request: "GET /" + String(repeating: "a", count: 16_384), status: 431),
    Case(what: "plain JSON", request: #"{"id":1,"method":"initialize"}"#, status: 0),
    Case(what: "TLS", request: "\u{16}\u{3}\u{1}", status: 0),
    Case(what: "an empty line", request: "\r\n", status: 0),
  ]

  @Test("every other request gets its status", arguments: cases)
  func statuses(_ wanted: Case) { #expect(status(answer(wanted.request)) == wanted.status) }

  @Test("where the file system lets only the user in, no token is asked for")
  func noToken() {
    #expect(status(answer(Self.request(token: nil), token: nil)) == 101)
    #expect(status(answer(Self.request(plus: ["Origin: http://x"], token: nil), token: nil)) == 403)
  }

  @Test("client and server agree, and the client checks what it is told")
  func client() throws {
    let request = WebSocketRequest(host: "127.0.0.1:1", token: Self.token)
    guard case .upgrade(let response, _) = WebSocketUpgrade(token: Self.token).answer(request.bytes) else {
      Issue.record("not upgraded")
      return
    }
    for end in 1..<response.count { #expect(request.answer(Array(response[..<end])) == .wait) }
    #expect(request.answer(response + [0x81, 0]) == .opened(rest: [0x81, 0]))
    let other = WebSocketRequest(host: "127.0.0.1:1", token: Self.token)
    #expect(other.answer(response) == .refused("its answer does not fit the request"))
    let refusal = Array("HTTP/1.1 401 Unauthorized\r\nContent-Length: 9\r\n\r\nno\u{1B}[2Jgo\nmore".utf8)
    #expect(request.answer(refusal) == .refused("HTTP 401 Unauthorized: no?[2Jgo"))
    #expect(request.answer(Array("SSH-2.0-x\r\n\r\n".utf8)) == .refused("its answer is not HTTP"))
    let endless = [UInt8](repeating: 0x61, count: 20_000)
    #expect(request.answer(endless) == .refused("its answer is not the head of a WebSocket"))
    let extended =
      String(decoding: response.dropLast(2), as: UTF8.self) + "Sec-WebSocket-Extensions: x\r\n\r\n"
    #expect(request.answer(Array(extended.utf8)) == .refused("it chose an extension that was not offered"))
  }

  @Test("tokens are random words that stand in a header")
  func tokens() {
    let (one, two) = (BearerToken.random(), BearerToken.random())
    #expect(one != two)
    #expect(one.text.utf8.count == 64)
    #expect(BearerToken("") == nil && BearerToken("a b") == nil && BearerToken("a\r\nX: y") == nil)
    #expect(BearerToken(String(repeating: "a", count: 5_000)) == nil)
  }

  @Test("base64 of every remainder", arguments: zip(["", "f", "fo", "foo"], ["", "Zg==", "Zm8=", "Zm9v"]))
  func base64(plain: String, coded: String) { #expect(Base64.text(Array(plain.utf8)) == coded) }
}
