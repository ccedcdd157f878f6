/// The calls of one response: which may start, which are done, in call order (L1, L2).
struct CallTable: Sendable {
  enum State: Sendable, Hashable {
    case waiting
    case running
    case finished(ToolOutput)
  }

  struct Slot: Sendable, Hashable {
    let item: CallItem
    let call: ToolCall
    let access: ToolAccess
    var state: State
  }

  private(set) var slots: [Slot] = []

  var isEmpty: Bool { slots.isEmpty }
  var allFinished: Bool { slots.allSatisfy { if case .finished = $0.state { true } else { false } } }
  /// Calls that run now, in call order.
  var running: [ToolCall] { slots.filter { $0.state == .running }.map(\.call) }

  mutating func add(_ item: CallItem, call: ToolCall, access: ToolAccess) {
    slots.append(Slot(item: item, call: call, access: access, state: .waiting))
  }

  /// Adds a call that is answered without running (unknown tool, broken arguments).
  mutating func add(_ item: CallItem, call: ToolCall, answer: ToolOutput) {
    slots.append(Slot(item: item, call: call, access: .read, state: .finished(answer)))
  }

  /// The calls that may start now; they count as running from here on. A call starts when every unfinished call before
  /// it is a read that runs beside it, and it is a read too, or when there is no unfinished call before it.
  mutating func startable() -> [ToolCall] {
    var starting: [ToolCall] = []
    var unfinishedRead = false
    for index in slots.indices {
      let slot = slots[index]
      if case .finished = slot.state { continue }
      if slot.access == .write {
        if slot.state == .waiting, !unfinishedRead {
          slots[index].state = .running
          starting.append(slot.call)
        }
        break
      }
      if slot.state == .waiting {
        slots[index].state = .running
        starting.append(slot.call)
      }
      unfinishedRead = true
    }
    return starting
  }

  /// Notes an output; false when the call is unknown or was finished before (a late answer).
  mutating func finish(itemId: String, _ output: ToolOutput) -> Bool {
    guard let index = slots.firstIndex(where: { $0.call.itemId == itemId }) else { return false }
    if case .finished = slots[index].state { return false }
    slots[index].state = .finished(output)
    return true
  }

  /// Gives every unfinished call `output`.
  mutating func finishRest(_ output: ToolOutput) {
    for index in slots.indices {
      if case .finished = slots[index].state { continue }
      slots[index].state = .finished(output)
    }
  }

  /// The output of each call, in call order; the table is empty afterwards.
  mutating func takeOutputs() -> [(slot: Slot, output: ToolOutput)] {
    defer { slots = [] }
    return slots.compactMap { slot in
      if case .finished(let output) = slot.state { (slot, output) } else { nil }
    }
  }
}
