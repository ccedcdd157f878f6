import StetProtocol
import StetTestSupport
import Synchronization
import Testing

/// A connection to a hosted provider stands before the first turn needs it.
@Suite(.timeLimit(.minutes(10)))
struct EarlyConnectionTests {
  @Test("a thread opens the connection without a key and without a request that costs; two turns go over it")
  func early() async throws {
    let asked = Mutex<[String]>([])
    let opened = Gate()
    let events = """
      data: {"type":"response.output_item.done","output_index":0,"item":{"type":"message","role":"assistant",\
      "content":[{"type":"output_text","text":"hi"}]}}

      data: {"type":"response.completed","response":{"usage":{"input_tokens":9,"output_tokens":1}}}


      """
    // The server stands behind a proxy, so that it is not one of this machine.
    let proxy = try LoopbackServer { exchange in
      let key = exchange["authorization"] ?? "no key"
      asked.withLock { $0.append("\(exchange.method) \(exchange.path) \(key)") }
      exchange.respond(
        exchange.method == "HEAD" ? 401 : 200, headers: [("content-type", "text/event-stream")], body: events)
      if exchange.method == "HEAD" { opened.open() }
    }
    let harness = AgentHarness(
      [], model: nil, environment: ["FAR_KEY": "k"], network: ["http_proxy": proxy.url])
    harness.home.write(
      "config.toml",
      """
      model = "m"
      model_provider = "far"
      model_context_window = 100000
      [model_providers.far]
      base_url = "http://far.invalid/v1"
      env_key = "FAR_KEY"
      """)
    let id = try await harness.start().thread.id
    await opened.opened()
    #expect(asked.withLock { $0 } == ["HEAD http://far.invalid/v1 no key"])
    #expect(try await harness.turn(id, "one").status == .completed)
    #expect(try await harness.turn(id, "two").status == .completed)
    let post = "POST http://far.invalid/v1/responses Bearer k"
    #expect(asked.withLock { $0 }.dropFirst() == [post, post])
    // One, unless the machine is so busy that two minutes pass between two of them: then libcurl lets go of it.
    #expect(proxy.connections < 3)
  }
}
