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
      guard let input = request.json["input"]?.arrayValue else {
        found.append(InvariantViolation(.notARequest, request: index, "no input array"))
        continue
      }
      found += pairing(input, index)
      guard request.offersTools else { continue }
      let thread = request.json["prompt_cache_key"]?.stringValue ?? ""
      if let before = last[thread] { found += prefix(before, request.json, index) }
      last[thread] = request.json
    }
    return found
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

  private static func prefix(_ before: JSONValue, _ now: JSONValue, _ index: Int) -> [InvariantViolation] {
    var found: [InvariantViolation] = []
    for part in ["instructions", "tools"] where before[part]?.serialized() != now[part]?.serialized() {
      found.append(InvariantViolation(.headChanged, request: index, part))
    }
    let (old, new) = (before["input"]?.arrayValue ?? [], now["input"]?.arrayValue ?? [])
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
