import StetJSON

extension FakeModel {
  /// What the model does with one request, in the order of requests.
  public enum Step: Sendable {
    /// HTTP 200 and a stream of these pieces, then `response.completed` (unless a piece ended it another way).
    case respond([Piece], usage: Usage = Usage())
    /// An HTTP error.
    case status(Int, headers: [(String, String)] = [], body: String = #"{"error":{"message":"scripted"}}"#)
    /// The head of an HTTP error and the beginning of its body; then the connection is cut.
    case brokenStatus(Int, body: String)
    /// Accepts the request and says nothing until the gate opens, then closes.
    case hang(Gate)
    /// HTTP 200 and then these bytes as the whole event stream.
    case raw(String)
    /// HTTP 200, an event whose data is no JSON, and the end.
    case invalidJSON

    /// One assistant message.
    public static func text(_ text: String, chunk: Int = 20) -> Step { .respond([.text(text, chunk: chunk)]) }

    /// One function call.
    public static func call(_ name: String, _ arguments: JSONValue) -> Step {
      .respond([.call(name, arguments)])
    }

    /// Several function calls in one response.
    public static func calls(_ calls: (String, JSONValue)...) -> Step {
      .respond(calls.map { .call($0.0, $0.1) })
    }

    /// One freeform tool call.
    public static func custom(_ name: String, _ input: String) -> Step { .respond([.custom(name, input)]) }

    /// A message whose connection is cut after that many pieces of `chunk` characters.
    public static func drop(_ text: String, after pieces: Int, chunk: Int = 20) -> Step {
      .respond([.text(text, chunk: chunk, cutAfter: pieces)])
    }
  }

  /// One part of a streamed response. Items get the output indexes 0, 1, … in this order.
  public enum Piece: Sendable {
    /// A message in deltas of `chunk` characters. Before delta k, `gates[k]` is waited for; `cutAfter` cuts the
    /// connection when that many deltas are out.
    case text(String, chunk: Int = 20, gates: [Int: Gate] = [:], cutAfter: Int? = nil)
    /// A reasoning item with one summary part.
    case reasoning(String)
    /// A function call; its id is `call_NNNN_K` of request NNNN (from 1) and call K (from 0).
    case call(String, JSONValue)
    /// A function call whose arguments are this text, JSON or not.
    case callText(String, String)
    /// A freeform tool call.
    case custom(String, String)
    /// Waits before the next piece.
    case gate(Gate)
    /// A comment line of the stream: a sign of life without an event.
    case comment(String)
    /// Any event.
    case event(JSONValue)
    /// The connection is cut here, with no completed event.
    case cut
    /// `response.failed` with this error ends the response.
    case failed(code: String, message: String)
    /// `response.incomplete` with this reason ends the response.
    case incomplete(reason: String)
    /// The stream ends properly, but without `response.completed`.
    case endWithoutCompleted
  }

  /// The token counts of `response.completed`; nil ones are estimated from the bytes.
  public struct Usage: Sendable {
    public var input: Int?
    public var cached: Int
    public var output: Int?

    public init(input: Int? = nil, cached: Int = 0, output: Int? = nil) {
      self.input = input
      self.cached = cached
      self.output = output
    }
  }
}
