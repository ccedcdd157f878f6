import StetJSON
import StetTestSupport
import Synchronization

/// A model server that answers by path: what it was asked is kept, in order.
final class ProbeServer: Sendable {
  /// What a path is answered with.
  enum Answer: Sendable {
    case json(JSONValue)
    case text(String)
    case status(Int)
    /// Nothing, until the client goes away.
    case silence
    /// A Responses stream with this text, and these input tokens.
    case stream(String, input: Int)
  }

  private let server: LoopbackServer
  private let box: Box
  private let kept: Kept

  /// - Parameter answers: by method and path, such as `GET /api/ps`; everything else is 404.
  init(_ answers: [String: Answer]) throws {
    let (asked, kept) = (Box(), Kept(answers))
    (box, self.kept) = (asked, kept)
    server = try LoopbackServer { exchange in
      let path = "\(exchange.method) \(exchange.path)"
      asked.add(path)
      switch kept[path] {
      case .json(let value)?: exchange.respond(200, headers: Self.type("application/json"), body: value.text)
      case .text(let text)?: exchange.respond(200, body: text)
      case .status(let code)?: exchange.respond(code)
      case .silence?: exchange.untilPeerCloses()
      case .stream(let text, let input)?:
        exchange.respond(200, headers: Self.type("text/event-stream"), body: Self.events(text, input))
      case nil: exchange.respond(404)
      }
    }
  }

  var url: String { server.url }
  var connections: Int { server.connections }
  /// Methods and paths, in the order they came.
  var requests: [String] { box.all }

  func answer(_ path: String, _ answer: Answer) { kept.set(path, answer) }

  private static func type(_ name: String) -> [(String, String)] { [("content-type", name)] }

  private static func events(_ text: String, _ input: Int) -> String {
    let item: JSONValue = [
      "type": "message", "id": "m", "role": "assistant",
      "content": [["type": "output_text", "text": .string(text)]],
    ]
    let events: [JSONValue] = [
      ["type": "response.output_item.added", "output_index": 0, "item": item],
      ["type": "response.output_text.delta", "item_id": "m", "delta": .string(text)],
      ["type": "response.output_item.done", "output_index": 0, "item": item],
      [
        "type": "response.completed",
        "response": [
          "id": "r", "usage": ["input_tokens": JSONValue(input), "output_tokens": 5],
        ],
      ],
    ]
    return events.map { "data: \($0.text)\n\n" }.joined()
  }

  private final class Box: Sendable {
    private let list = Mutex<[String]>([])
    var all: [String] { list.withLock { $0 } }
    func add(_ text: String) { list.withLock { $0.append(text) } }
  }

  private final class Kept: Sendable {
    private let map: Mutex<[String: Answer]>
    init(_ answers: [String: Answer]) { map = Mutex(answers) }
    subscript(_ path: String) -> Answer? { map.withLock { $0[path] } }
    func set(_ path: String, _ answer: Answer) { map.withLock { $0[path] = answer } }
  }
}
