import StetAgent
import StetProtocol
import Synchronization

/// A tool whose behaviour the test writes down.
struct ScriptedTool: Tool {
  let name: String
  var access: ToolAccess = .read
  let body: @Sendable (ToolCall, ToolContext) async -> ToolOutput

  init(
    _ name: String, _ access: ToolAccess = .read,
    _ body: @escaping @Sendable (ToolCall, ToolContext) async -> ToolOutput
  ) {
    self.name = name
    self.access = access
    self.body = body
  }

  var definition: JSONValue {
    [
      "type": "function", "name": .string(name), "description": "scripted",
      "parameters": ["type": "object", "properties": .object(JSONObject())],
    ]
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput { await body(call, context) }
}

/// Counts and notes what happens in tools, in order.
final class Notes: Sendable {
  private let lines = Mutex<[String]>([])
  private let watchers = Mutex<[(String, CheckedContinuation<Void, Never>)]>([])

  var all: [String] { lines.withLock { $0 } }

  func add(_ line: String) {
    lines.withLock { $0.append(line) }
    let ready = watchers.withLock { watchers in
      let ready = watchers.filter { $0.0 == line }
      watchers.removeAll { $0.0 == line }
      return ready
    }
    for (_, continuation) in ready { continuation.resume() }
  }

  func until(_ line: String) async {
    await withCheckedContinuation { continuation in
      watchers.withLock { watchers in
        if lines.withLock({ $0.contains(line) }) {
          continuation.resume()
        } else {
          watchers.append((line, continuation))
        }
      }
    }
  }
}
