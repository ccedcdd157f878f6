import StetJSON

/// The tool calls of one response of the Chat wire, put together from deltas that servers mark in many ways: an index,
/// an id, both, the same index for all, or nothing (agent-core.md §9).
struct ChatCalls: Sendable {
  /// More calls in one answer are a defect of the server.
  static let limit = 128

  struct Call: Sendable {
    var index: Int?
    var id: String
    var name = ""
    var arguments = ""
    /// What Google's endpoints want back.
    var extra: JSONValue?
    var isReported = false
  }

  private(set) var calls: [Call] = []

  /// Takes one element of `tool_calls`; nil when there are too many.
  ///
  /// - Returns: where it belongs, and the arguments that it brought.
  mutating func take(_ delta: JSONValue) -> (position: Int, added: String)? {
    let id = delta["id"]?.stringValue ?? ""
    let index = delta["index"]?.intValue
    let function = delta["function"] ?? delta
    let name = function["name"]?.stringValue ?? ""
    let added = Self.arguments(function["arguments"])
    let place = position(id: id, index: index, name: name, brings: !added.isEmpty)
    if place == nil {
      guard calls.count < Self.limit else { return nil }
      calls.append(Call(index: index, id: id))
    }
    let position = place ?? calls.count - 1
    if calls[position].id.isEmpty { calls[position].id = id }
    if calls[position].name.isEmpty { calls[position].name = name }
    calls[position].arguments += added
    if let extra = delta["extra_content"], !extra.isNull { calls[position].extra = extra }
    return (position, added)
  }

  mutating func add(name: String, arguments: String) {
    guard calls.count < Self.limit else { return }
    calls.append(Call(index: nil, id: "", name: name, arguments: arguments))
  }

  /// The calls that were not reported yet; they count as reported from here on.
  mutating func takeUnreported() -> [(position: Int, call: Call)] {
    var fresh: [(position: Int, call: Call)] = []
    for position in calls.indices where !calls[position].isReported {
      calls[position].isReported = true
      // A delta without a name began nothing that could be called.
      if !calls[position].name.isEmpty { fresh.append((position, calls[position])) }
    }
    return fresh
  }

  /// Whether the text is a whole JSON value: nothing was cut off.
  static func isWhole(_ arguments: String) -> Bool {
    do {
      _ = try JSONValue(parsing: arguments)
      return true
    } catch {
      return false
    }
  }

  // MARK: - Parts

  /// The call that a delta goes on with; nil when it begins one.
  private func position(id: String, index: Int?, name: String, brings: Bool) -> Int? {
    if !id.isEmpty {
      if let known = calls.lastIndex(where: { $0.id == id && !$0.isReported }) { return known }
      // The id may come after the beginning; a name beside it begins a call of its own.
      return calls.lastIndex { $0.id.isEmpty && index != nil && $0.index == index && name.isEmpty }
    }
    let candidate =
      index == nil ? calls.indices.last : calls.lastIndex { $0.index == index || $0.index == nil }
    guard let candidate, !calls[candidate].isReported else { return nil }
    let call = calls[candidate]
    // Some servers repeat the name in every delta; one that follows whole arguments begins the next call.
    if !name.isEmpty, !call.name.isEmpty, name != call.name || Self.isWhole(call.arguments) || !brings {
      return nil
    }
    return candidate
  }

  /// A text, or what some servers send instead: the object itself.
  private static func arguments(_ value: JSONValue?) -> String {
    guard let value, !value.isNull else { return "" }
    return value.stringValue ?? value.text
  }
}
