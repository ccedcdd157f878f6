import StetJSON

/// A rule of the Responses API, or of prefix caching, that a request broke.
///
/// Requests belong to one thread when they have the same `prompt_cache_key`; those without tools (titles, summaries)
/// are held to the pairing rules only. A compaction changes the prefix on purpose: its tests leave out
/// `.prefixChanged`.
public struct InvariantViolation: Sendable, CustomStringConvertible {
  public enum Kind: Sendable {
    /// The body is no JSON object with an `input` array.
    case notARequest
    /// An output without a call of that id before it.
    case orphanOutput
    /// A call without an output after it.
    case callWithoutOutput
    /// Two outputs for one call.
    case outputTwice
    /// Outputs that do not come in the order of their calls.
    case outputOrder
    /// The input does not begin with the input of the thread's request before it, byte for byte.
    case prefixChanged
    /// `instructions` or `tools` are not those of the thread's request before it.
    case headChanged
    /// Two messages of the user, or of the assistant, follow each other: some templates raise an error.
    case roleTwice
    case scriptExhausted
  }

  public let kind: Kind
  /// Index into `FakeModel.requests`.
  public let request: Int
  public let text: String

  init(_ kind: Kind, request: Int, _ text: String) {
    self.kind = kind
    self.request = request
    self.text = text
  }

  public var description: String { "request \(request): \(kind): \(text)" }

  static func find(in requests: [(json: JSONValue, offersTools: Bool)]) -> [InvariantViolation] {
    var found: [InvariantViolation] = []
    var last: [String: JSONValue] = [:]
    for (index, request) in requests.enumerated() {
      guard let input = (request.json["input"] ?? request.json["messages"])?.arrayValue else {
        found.append(InvariantViolation(.notARequest, request: index, "no input array"))
        continue
      }
      if request.json["messages"]?.arrayValue != nil { found += roles(input, index) }
      found += pairing(input.flatMap(parts), index)
      guard request.offersTools else { continue }
      let thread = request.json["prompt_cache_key"]?.stringValue ?? ""
      if let before = last[thread] { found += prefix(before, request.json, index) }
      last[thread] = request.json
    }
    return found
  }

  /// Calls and results inside messages, as the items that they are on the Responses wire.
  private static func parts(_ message: JSONValue) -> [JSONValue] {
    if message["type"]?.stringValue != nil { return [message] }
    if let id = message["tool_call_id"] { return [["type": "function_call_output", "call_id": id]] }
    let calls = (message["tool_calls"]?.arrayValue ?? []).map { call -> JSONValue in
      ["type": "function_call", "call_id": call["id"] ?? ""]
    }
    return calls
      + (message["content"]?.arrayValue ?? []).compactMap { block in
        switch block["type"]?.stringValue {
        case "tool_use": ["type": "function_call", "call_id": block["id"] ?? ""]
        case "tool_result": ["type": "function_call_output", "call_id": block["tool_use_id"] ?? ""]
        default: Optional.none
        }
      }
  }

  private static func roles(_ messages: [JSONValue], _ index: Int) -> [InvariantViolation] {
    zip(messages, messages.dropFirst()).compactMap { before, now in
      guard before["role"] == now["role"], before["role"] != "tool" else { return nil }
      return InvariantViolation(.roleTwice, request: index, now.text)
    }
  }

  private static func pairing(_ input: [JSONValue], _ index: Int) -> [InvariantViolation] {
    var found: [InvariantViolation] = []
    var open: [String] = []
    var answered: Set<String> = []
    for item in input {
      guard let type = item["type"]?.stringValue, let id = item["call_id"]?.stringValue else { continue }
      if type.hasSuffix("_call") {
        open.append(id)
      } else if type.hasSuffix("_call_output") {
        if let place = open.firstIndex(of: id) {
          if place != 0 { found.append(InvariantViolation(.outputOrder, request: index, id)) }
          open.remove(at: place)
          answered.insert(id)
        } else {
          let kind: Kind = answered.contains(id) ? .outputTwice : .orphanOutput
          found.append(InvariantViolation(kind, request: index, id))
        }
      }
    }
    return found + open.map { InvariantViolation(.callWithoutOutput, request: index, $0) }
  }

  /// The input or the messages, without the breakpoints of a cache: they are no part of the prompt.
  private static func list(_ request: JSONValue) -> [JSONValue] {
    if let input = request["input"]?.arrayValue { return input }
    return (request["messages"]?.arrayValue ?? []).map { message in
      guard let blocks = message["content"]?.arrayValue else { return message }
      var plain = message
      plain["content"] = .array(
        blocks.map { block in
          var plain = block
          plain["cache_control"] = nil
          return plain
        })
      return plain
    }
  }

  private static func prefix(_ before: JSONValue, _ now: JSONValue, _ index: Int) -> [InvariantViolation] {
    var found: [InvariantViolation] = []
    for part in ["instructions", "tools", "system"]
    where before[part]?.serialized() != now[part]?.serialized() {
      found.append(InvariantViolation(.headChanged, request: index, part))
    }
    let (old, new) = (list(before), list(now))
    for (place, item) in old.enumerated() {
      guard place < new.count else {
        let text = "the input has \(new.count) items, the request before it \(old.count)"
        return found + [InvariantViolation(.prefixChanged, request: index, text)]
      }
      if item.serialized() != new[place].serialized() {
        let text = "item \(place) was \(item.text), is \(new[place].text)"
        return found + [InvariantViolation(.prefixChanged, request: index, text)]
      }
    }
    return found
  }
}
