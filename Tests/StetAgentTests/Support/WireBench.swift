import StetConfig
import StetJSON

@testable import StetAgent

/// Builds bodies of requests from items, as one thread asks again and again.
final class WireBench {
  let wire: ProviderConfig.WireAPI
  var flags: WireFlags
  var images = true
  var model = "m"
  var provider = "here"
  var tools: [JSONValue] = [
    [
      "type": "function", "name": "read", "description": "reads",
      "parameters": ["type": "object", "properties": ["path": ["type": "string"]]],
    ]
  ]
  /// What later requests may set.
  var change: (inout ModelRequest) -> Void = { _ in }
  private var prompt = PromptLog()
  private let cache = WireCache()

  init(_ wire: ProviderConfig.WireAPI, _ flags: WireFlags = WireFlags()) {
    self.wire = wire
    self.flags = flags
  }

  /// Appends an item as the session does.
  func add(_ items: JSONValue...) {
    for item in items { prompt.append(prompt.noted(item, origin: "\(provider)/\(model)")) }
  }

  /// The same prompt for another wire.
  func moved(to wire: ProviderConfig.WireAPI, model: String, _ flags: WireFlags = WireFlags()) -> WireBench {
    let bench = WireBench(wire, flags)
    bench.prompt = prompt
    bench.model = model
    return bench
  }

  func bytes() -> [UInt8] {
    prompt.sent()
    var request = ModelRequest(
      threadId: "t", turnId: "u", model: model, input: prompt.items, tools: PromptTools(tools))
    change(&request)
    var metadata = ModelMetadata(model: model, images: images)
    metadata.flags = flags
    let target = WireTarget(wire: wire, origin: "\(provider)/\(model)", flags: flags, images: images)
    let encoded = cache.encode(request, for: target)
    // What was encoded piece by piece is what all at once gives.
    let fresh = WireCache().encode(request, for: target)
    precondition(
      encoded.messages + encoded.tail == fresh.messages + fresh.tail, "the cache changed a request")
    return switch wire {
    case .responses: ResponsesBody.bytes(request, metadata, encoded)
    case .chat: ChatBody.bytes(request, metadata, encoded)
    case .messages: MessagesBody.bytes(request, metadata, encoded)
    }
  }

  func body() throws -> JSONValue { try JSONValue(parsing: bytes()) }

  func list() throws -> [JSONValue] {
    try body()[wire == .responses ? "input" : "messages"]?.arrayValue ?? []
  }
}

/// Items as providers and the session make them.
enum Said {
  static func developer(_ text: String) -> JSONValue { MessageItem.developer([text]) }
  static func user(_ text: String) -> JSONValue { MessageItem.user(text) }

  static func assistant(_ text: String) -> JSONValue {
    [
      "type": "message", "id": "msg_x", "role": "assistant",
      "content": [["type": "output_text", "text": .string(text)]],
    ]
  }

  static func reasoning(_ text: String, _ notes: JSONObject = [:]) -> JSONValue {
    var item: JSONValue = [
      "type": "reasoning", "id": "rs_x", "summary": [],
      "content": [["type": "reasoning_text", "text": .string(text)]],
    ]
    if !notes.isEmpty { item[ItemNotes.member] = .object(notes) }
    return item
  }

  static func call(_ id: String, _ name: String = "read", _ arguments: String = #"{"path":"a"}"#) -> JSONValue
  {
    [
      "type": "function_call", "id": "fc_x", "call_id": .string(id), "name": .string(name),
      "arguments": .string(arguments),
    ]
  }

  static func output(_ id: String, _ text: JSONValue = "done") -> JSONValue {
    ["type": "function_call_output", "call_id": .string(id), "output": text]
  }
}
