import StetJSON

/// Joins items of the prompt to groups, for wires that know messages only.
///
/// A pure function of the items, and append-only: a group ends where a request ended (the item after it is marked
/// `apart` where it would be joined otherwise), so a message that was sent is never changed by what comes later (P1).
/// Roles alternate: some templates of local models raise an error otherwise.
struct HistoryGrouper: Sendable {
  /// What stands between two messages of the user.
  static let noAnswer = "(no answer)"
  /// What asks for more after an answer that was cut.
  static let goOn = "Go on."
  static let missingOutput = "error: no output of this call was recorded"

  private enum Open: Sendable {
    case none
    case system([String])
    case input(results: [HistoryGroup.CallResult], parts: [HistoryGroup.InputPart])
    case model([HistoryGroup.ModelPart])
  }

  private enum Last: Sendable { case nothing, input, model }

  let target: WireTarget
  private(set) var ids: CallIds
  private var open = Open.none
  private var last = Last.nothing
  /// Calls of the last answer that no result was seen of: the thread's id and the one that was sent.
  private var pending: [(id: String, sent: String)] = []

  init(_ target: WireTarget) {
    self.target = target
    // The wire's own rule holds where no stricter one is flagged.
    let isLoose = target.wire == .messages && target.flags.toolIdFormat == .any
    ids = CallIds(isLoose ? .anthropic : target.flags.toolIdFormat)
  }

  /// Takes the next item; the groups that it closes.
  mutating func take(_ item: PromptItem) -> [HistoryGroup] {
    let value = item.plain
    var closed: [HistoryGroup] = []
    if item.notes[ItemNotes.apart] == true { closed = close(requestEnds: true) }
    let isOwn = item.notes[ItemNotes.origin]?.stringValue == target.origin
    let notes = isOwn ? item.notes : JSONObject()
    switch value["type"]?.stringValue ?? "message" {
    case "message": closed += message(value)
    case "reasoning":
      closed += openModel()
      if isOwn { closed += add(.reasoning(text: Self.reasoning(value), notes: notes)) }
    case "function_call", "custom_tool_call":
      closed += openModel()  // before the call waits for its output
      if let call = CallItem(value) { closed += add(self.call(call, notes)) }
    case "function_call_output", "custom_tool_call_output": closed += output(value)
    default:
      // Nothing that could be said here; what is around it was said apart, and sent so.
      closed += ItemNotes.isOfModel(value) ? openModel() : openInput()
    }
    return closed
  }

  /// What a request that ends here sends after the closed groups.
  func rest() -> [HistoryGroup] {
    var copy = self
    return copy.close(requestEnds: true)
  }

  // MARK: - Items

  private mutating func message(_ value: JSONValue) -> [HistoryGroup] {
    let text = MessageItem.text(of: value)
    switch value["role"]?.stringValue {
    case "assistant": return text.allSatisfy(\.isWhitespace) ? openModel() : add(.text(text))
    case "developer", "system":
      switch open {
      case .none where last == .nothing: open = .system([text])
      case .system(let texts): open = .system(texts + [text])
      default: return add([.developer(text)])
      }
      return []
    default: return add(Self.parts(value["content"]))
    }
  }

  private mutating func call(_ call: CallItem, _ notes: JSONObject) -> HistoryGroup.ModelPart {
    let id = ids.call(call.callId)
    pending.append((call.callId, id))
    var arguments = call.raw
    if call.form == .custom {
      arguments = notes[ItemNotes.arguments]?.stringValue ?? CallNames.arguments(call.raw)
    } else if !Self.isObject(arguments) {
      // Templates read the arguments, and fail on what is no object.
      arguments = arguments.isEmpty ? "{}" : JSONValue.object(["unreadable": .string(arguments)]).text
    }
    return .call(HistoryGroup.Call(id: id, name: call.name, arguments: arguments, notes: notes))
  }

  private mutating func output(_ value: JSONValue) -> [HistoryGroup] {
    let parts = Self.parts(value["output"])
    let id = value["call_id"]?.stringValue ?? ""
    guard let place = pending.firstIndex(where: { $0.id == id }) else {
      return add([.text("<tool_output>")] + parts + [.text("</tool_output>")])
    }
    let call = pending.remove(at: place)
    var result = HistoryGroup.CallResult(
      id: call.sent, text: parts.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined())
    result.images = parts.compactMap { if case .image(let url) = $0 { url } else { nil } }
    let closed = openInput()
    if case .input(let results, let said) = open { open = .input(results: results + [result], parts: said) }
    return closed
  }

  // MARK: - Groups

  private mutating func add(_ part: HistoryGroup.ModelPart) -> [HistoryGroup] {
    let closed = openModel()
    if case .model(let parts) = open { open = .model(parts + [part]) }
    return closed
  }

  private mutating func openModel() -> [HistoryGroup] {
    if case .model = open { return [] }
    var closed = close(requestEnds: false)
    if last == .model { closed.append(userFiller()) }
    open = .model([])
    return closed
  }

  private mutating func add(_ parts: [HistoryGroup.InputPart]) -> [HistoryGroup] {
    let closed = openInput()
    if case .input(let results, let said) = open { open = .input(results: results, parts: said + parts) }
    return closed
  }

  private mutating func openInput() -> [HistoryGroup] {
    if case .input = open { return [] }
    var closed = close(requestEnds: false)
    if last == .input {
      closed.append(.model([.text(Self.noAnswer)]))
      last = .model
    }
    open = .input(results: [], parts: [])
    return closed
  }

  private mutating func close(requestEnds: Bool) -> [HistoryGroup] {
    defer { open = .none }
    switch open {
    case .none:
      guard requestEnds, last == .model else { return [] }
      return pending.isEmpty ? [userFiller()] : missing()
    case .system(let texts):
      return [.system(texts)]
    case .input(let results, let parts):
      last = .input
      let lost = pending.map {
        HistoryGroup.CallResult(id: $0.sent, text: Self.missingOutput, isMissing: true)
      }
      pending = []
      let isEmpty = results.isEmpty && lost.isEmpty && parts.isEmpty
      return [.input(results: results + lost, parts: isEmpty ? [.text(Self.goOn)] : parts)]
    case .model(let parts):
      guard parts.contains(where: { if case .reasoning = $0 { false } else { true } }) else { return [] }
      last = .model
      guard requestEnds else { return [.model(parts)] }
      return [.model(parts)] + (pending.isEmpty ? [userFiller()] : missing())
    }
  }

  private mutating func missing() -> [HistoryGroup] {
    guard !pending.isEmpty else { return [] }
    open = .input(results: [], parts: [])
    return close(requestEnds: false)
  }

  private mutating func userFiller() -> HistoryGroup {
    last = .input
    return .input(results: [], parts: [.text(Self.goOn)])
  }

  // MARK: - Parts

  private static func isObject(_ text: String) -> Bool {
    do {
      return try JSONValue(parsing: text).objectValue != nil
    } catch {
      return false
    }
  }

  private static func reasoning(_ item: JSONValue) -> String {
    let texts = (item["content"]?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }
    return texts.joined(separator: "\n\n")
  }

  /// Content of a message or an output: a text, or parts.
  private static func parts(_ content: JSONValue?) -> [HistoryGroup.InputPart] {
    guard let content, !content.isNull else { return [] }
    if let text = content.stringValue { return [.text(text)] }
    guard let parts = content.arrayValue else { return [.text(content.text)] }
    return parts.compactMap { part in
      if let url = part["image_url"]?.stringValue ?? part["image_url"]?["url"]?.stringValue {
        return .image(url: url)
      }
      return (part["text"]?.stringValue ?? part["refusal"]?.stringValue).map { .text($0) }
    }
  }
}
