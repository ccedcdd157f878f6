import StetJSON
import Synchronization

/// A scripted model behind a real HTTP server: `POST …/responses` (the OpenAI Responses API, streamed),
/// `POST …/chat/completions`, `POST …/messages` (Anthropic's) and `GET …/models`. The path decides which wire a step is
/// written in.
///
/// Request k gets step k. A request beyond the script gets HTTP 400 and is an invariant violation. Every request is
/// kept, as bytes and parsed, and checked: see `invariantViolations`.
public final class FakeModel: Sendable {
  public static let modelName = "mock-model"

  private let server: LoopbackServer
  private let core: Core

  /// `side`: the text for requests that offer no tools (titles, summaries); they take no step.
  public init(script: [Step], side: String? = nil) {
    let core = Core(script: script, side: side)
    self.core = core
    do { server = try LoopbackServer { core.answer($0) } } catch {
      preconditionFailure("no loopback server: \(error)")
    }
  }

  /// The provider's base URL, `http://127.0.0.1:PORT/v1`.
  public var url: String { "\(server.url)/v1" }
  public var port: Int { server.port }

  /// The bodies of the model requests so far, parsed; a body that is no JSON is null and a violation.
  public var requests: [JSONValue] { core.state.withLock { $0.records.map(\.json) } }
  /// The same, as they came.
  public var bodies: [[UInt8]] { core.state.withLock { $0.records.map(\.body) } }
  /// Header fields of each model request, names in lower case.
  public var requestHeaders: [[(String, String)]] { core.state.withLock { $0.records.map(\.headers) } }
  /// Steps of the script that no request has taken yet.
  public var stepsLeft: Int { core.state.withLock { max(0, $0.script.count - $0.step) } }

  /// Adds steps for the requests to come.
  public func extend(_ steps: Step...) { core.state.withLock { $0.script += steps } }

  /// Returns when that many model requests have arrived whole.
  public func untilRequests(_ count: Int) async {
    await withCheckedContinuation { watcher in
      let isThere = core.state.withLock { state in
        if state.records.count < count { state.watchers.append((count, watcher)) }
        return state.records.count >= count
      }
      if isThere { watcher.resume() }
    }
  }

  /// What was wrong with the requests so far, in order.
  public var invariantViolations: [InvariantViolation] {
    let (records, exhausted) = core.state.withLock { ($0.records, $0.exhausted) }
    return InvariantViolation.find(in: records.map { ($0.json, $0.offersTools) })
      + exhausted.map { InvariantViolation(.scriptExhausted, request: $0, "the script has no step for it") }
  }

  public func stop() { server.stop() }

  struct Record: Sendable {
    let body: [UInt8]
    let headers: [(String, String)]
    let json: JSONValue
    var offersTools: Bool { json["tools"]?.arrayValue?.isEmpty == false }
  }

  final class Core: Sendable {
    let side: String?
    let state: Mutex<State>

    struct State {
      var script: [Step]
      var step = 0
      var records: [Record] = []
      var exhausted: [Int] = []
      var watchers: [(Int, CheckedContinuation<Void, Never>)] = []
    }

    init(script: [Step], side: String?) {
      self.side = side
      state = Mutex(State(script: script))
    }

    func answer(_ exchange: LoopbackExchange) {
      let path = exchange.path.split(separator: "?").first ?? ""
      switch (exchange.method, path.split(separator: "/").last) {
      case ("GET", "models"):
        let models: JSONValue = [
          "object": "list", "data": [["id": .string(modelName), "object": "model"]], "models": [],
        ]
        exchange.respond(
          200, headers: [("content-type", "application/json"), FakeModelStream.close], body: models.text)
      case ("POST", "responses"):
        let (number, step, model) = take(exchange)
        FakeModelStream(exchange, number: number, model: model).play(step)
      case ("POST", "completions"):
        let (number, step, _) = take(exchange)
        FakeChatStream(exchange, number: number).play(step)
      case ("POST", "messages"):
        let (number, step, _) = take(exchange)
        FakeMessagesStream(exchange, number: number).play(step)
      default:
        exchange.respond(
          404,
          body:
            #"{"error":{"message":"this server has /responses, /chat/completions, /messages and /models only"}}"#
        )
      }
    }

    /// Records a request and gives its number (from 1), its step, and the model that it asked for.
    private func take(_ exchange: LoopbackExchange) -> (Int, Step, String) {
      let json: JSONValue
      do { json = try JSONValue(parsing: exchange.body) } catch { json = .null }
      let record = Record(body: exchange.body, headers: exchange.headers, json: json)
      let (number, step, ready) = state.withLock { state in
        state.records.append(record)
        let count = state.records.count
        let ready = state.watchers.filter { $0.0 <= count }.map(\.1)
        state.watchers.removeAll { $0.0 <= count }
        if let side, !record.offersTools { return (count, Step.text(side), ready) }
        guard state.step < state.script.count else {
          state.exhausted.append(count - 1)
          return (count, .status(400, body: #"{"error":{"message":"the script has no more steps"}}"#), ready)
        }
        state.step += 1
        return (count, state.script[state.step - 1], ready)
      }
      for watcher in ready { watcher.resume() }
      return (number, step, json["model"]?.stringValue ?? modelName)
    }
  }
}
