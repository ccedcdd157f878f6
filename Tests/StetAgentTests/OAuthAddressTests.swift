import StetNet
import Testing

@testable import StetAgent

/// Addresses that an MCP server or its authorization server names (M1): untrusted, and a token or a request goes there.
@Suite struct OAuthAddressTests {
  @Test("M1: a server elsewhere can't send a log-in to this machine, nor any to what is not encrypted")
  func m1_admits() throws {
    let http = HTTPClient()
    defer { http.shutdown() }
    let local = ["http://127.0.0.1:1/x", "http://localhost/x", "http://[::1]:1/x", "https://127.0.0.1/x"]
    for (url, isLocal) in [("https://far.example/mcp", false), ("http://127.0.0.1:9/mcp", true)] {
      let calls = OAuthCalls(http: http, nowMs: { 0 }, url: url)
      for text in local { #expect(calls.admits(try #require(OAuthAddress(text))) == isLocal, "\(text)") }
      #expect(calls.admits(try #require(OAuthAddress("https://login.example/x"))))
      #expect(!calls.admits(try #require(OAuthAddress("http://login.example/x"))))
      #expect(!calls.admits(try #require(OAuthAddress("http://localhost.evil.example/x"))))
    }
  }

  @Test("M1: what two readers could read differently is no address")
  func m1_odd() {
    for text in [
      "ftp://a/x", "https://user@a/x", "https:///x", "https://a\\@b/x", "https://a/x#y", "https://a b/x",
      "https://ä/x", "a", "",
    ] {
      #expect(OAuthAddress(text) == nil, "\(text)")
    }
  }
}
