import StetJSON

/// What a client sees of a response while it streams.
enum ShownEvent: Sendable, Hashable {
  case messageStarted(id: String, phase: String?)
  case text(id: String, delta: String)
  case messageCompleted(id: String, text: String, phase: String?)
  case reasoningStarted(id: String)
  case reasoningPart(id: String, index: Int)
  case reasoningSummary(id: String, index: Int, delta: String)
  case reasoningText(id: String, index: Int, delta: String)
  case reasoningCompleted(id: String, summary: [String], content: [String])

  /// Whether it belongs to a message, not to reasoning.
  var isMessage: Bool {
    switch self {
    case .messageStarted, .text, .messageCompleted: true
    default: false
    }
  }
}

/// The messages and reasoning items of one response on their way to the screen: every start gets its completion, and
/// the text of a cut message equals its deltas (L4).
struct StreamedItems: Sendable {
  private enum Open: Sendable, Hashable {
    case message(id: String, text: String, phase: String?)
    case reasoning(id: String, summary: [String], content: [String])

    var isMessage: Bool { if case .message = self { true } else { false } }
  }

  /// By the model's item id, in the order of their starts.
  private var open: [(wire: String, item: Open)] = []

  /// The text of the messages that are open: shown, but not yet confirmed by a done item.
  var partialText: String {
    open.compactMap { if case .message(_, let text, _) = $0.item { text } else { nil } }.joined(
      separator: "\n")
  }

  /// Takes the next event of the stream; `ids` gives the ids under which items are shown.
  mutating func apply(_ event: ModelEvent, ids: inout ItemIds) -> [ShownEvent] {
    switch event {
    case .itemAdded(let item):
      let wire = item["id"]?.stringValue ?? ""
      switch item["type"]?.stringValue {
      case "message": return openMessage(wire, phase: item["phase"]?.stringValue, &ids).shown
      case "reasoning": return openReasoning(wire, &ids).shown
      default: return []
      }
    case .textDelta(let wire, let delta):
      return text(wire, delta, &ids)
    case .reasoningPartAdded(let wire, let index):
      let (position, shown) = openReasoning(wire, &ids)
      return shown + growSummary(position, to: index)
    case .reasoningSummaryDelta(let wire, let index, let delta):
      let (position, shown) = openReasoning(wire, &ids)
      return shown + growSummary(position, to: index) + addReasoning(position, index, delta, summary: true)
    case .reasoningTextDelta(let wire, let index, let delta):
      let (position, shown) = openReasoning(wire, &ids)
      return shown + addReasoning(position, index, delta, summary: false)
    case .itemDone(let item):
      return done(item, &ids)
    default:
      return []
    }
  }

  /// Completes what is open, as it was shown; for a cut stream, a steer or an interrupt.
  mutating func cut() -> [ShownEvent] {
    defer { open = [] }
    return open.map { entry in
      switch entry.item {
      case .message(let id, let text, let phase): .messageCompleted(id: id, text: text, phase: phase)
      case .reasoning(let id, let summary, let content):
        .reasoningCompleted(id: id, summary: summary, content: content)
      }
    }
  }

  // MARK: - Parts

  /// Reasoning parts that one item may have; an index beyond it is a defect of the provider.
  private static let partLimit = 1_000

  private mutating func openMessage(
    _ wire: String, phase: String?, _ ids: inout ItemIds, closing: Bool = false
  ) -> (position: Int, shown: [ShownEvent]) {
    if let known = open.firstIndex(where: { $0.wire == wire && $0.item.isMessage }) { return (known, []) }
    if closing, let only = open.firstIndex(where: { $0.item.isMessage }) { return (only, []) }
    let id = ids.unique(wire.isEmpty ? "msg" : wire)
    open.append((wire, .message(id: id, text: "", phase: phase)))
    return (open.count - 1, [.messageStarted(id: id, phase: phase)])
  }

  private mutating func openReasoning(
    _ wire: String, _ ids: inout ItemIds, closing: Bool = false
  ) -> (position: Int, shown: [ShownEvent]) {
    if let known = open.firstIndex(where: { $0.wire == wire && !$0.item.isMessage }) { return (known, []) }
    if closing, let only = open.firstIndex(where: { !$0.item.isMessage }) { return (only, []) }
    let id = ids.unique(wire.isEmpty ? "rs" : wire)
    open.append((wire, .reasoning(id: id, summary: [], content: [])))
    return (open.count - 1, [.reasoningStarted(id: id)])
  }

  private mutating func text(_ wire: String, _ delta: String, _ ids: inout ItemIds) -> [ShownEvent] {
    guard !delta.isEmpty else { return [] }
    let (position, shown) = openMessage(wire, phase: nil, &ids)
    guard case .message(let id, var text, let phase) = open[position].item else { return shown }
    open[position].item = .message(id: id, text: "", phase: phase)  // so that the text is extended in place
    text += delta
    open[position].item = .message(id: id, text: text, phase: phase)
    return shown + [.text(id: id, delta: delta)]
  }

  private mutating func growSummary(_ position: Int, to index: Int) -> [ShownEvent] {
    guard case .reasoning(let id, var summary, let content) = open[position].item,
      index >= summary.count, index < Self.partLimit
    else { return [] }
    var shown: [ShownEvent] = []
    while summary.count <= index {
      shown.append(.reasoningPart(id: id, index: summary.count))
      summary.append("")
    }
    open[position].item = .reasoning(id: id, summary: summary, content: content)
    return shown
  }

  private mutating func addReasoning(
    _ position: Int, _ index: Int, _ delta: String, summary isSummary: Bool
  ) -> [ShownEvent] {
    guard case .reasoning(let id, var summary, var content) = open[position].item, index >= 0,
      index < Self.partLimit, !isSummary || index < summary.count
    else { return [] }
    open[position].item = .reasoning(id: id, summary: [], content: [])  // as above
    if isSummary {
      summary[index] += delta
    } else {
      while content.count <= index { content.append("") }
      content[index] += delta
    }
    open[position].item = .reasoning(id: id, summary: summary, content: content)
    return [
      isSummary
        ? .reasoningSummary(id: id, index: index, delta: delta)
        : .reasoningText(id: id, index: index, delta: delta)
    ]
  }

  private mutating func done(_ item: JSONValue, _ ids: inout ItemIds) -> [ShownEvent] {
    let wire = item["id"]?.stringValue ?? ""
    switch item["type"]?.stringValue {
    case "message":
      // Some servers give the done item another id than its deltas: then it closes the message that is open.
      let (position, shown) = openMessage(wire, phase: item["phase"]?.stringValue, &ids, closing: true)
      guard case .message(let id, _, let phase) = open.remove(at: position).item else { return shown }
      return shown + [
        .messageCompleted(
          id: id, text: MessageItem.text(of: item), phase: item["phase"]?.stringValue ?? phase)
      ]
    case "reasoning":
      let (position, shown) = openReasoning(wire, &ids, closing: true)
      guard case .reasoning(let id, _, _) = open.remove(at: position).item else { return shown }
      return shown + [
        .reasoningCompleted(id: id, summary: texts(item["summary"]), content: texts(item["content"]))
      ]
    default:
      return []
    }
  }

  private func texts(_ parts: JSONValue?) -> [String] {
    (parts?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }
  }
}
