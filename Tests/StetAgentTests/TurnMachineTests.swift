import StetJSON
import Testing

@testable import StetAgent

/// The turn machine by itself: events in, actions out.
struct TurnMachineTests {
  private func machine(_ access: [String: ToolAccess] = ["read": .read, "write": .write]) -> TurnMachine {
    TurnMachine { access[$0.name] }
  }

  private func call(_ id: String, _ name: String) -> JSONValue {
    [
      "type": "function_call", "id": .string("fc_\(id)"), "call_id": .string(id), "name": .string(name),
      "arguments": "{}",
    ]
  }

  private func message(_ id: String, _ text: String) -> JSONValue {
    [
      "type": "message", "id": .string(id), "role": "assistant",
      "content": [["type": "output_text", "text": .string(text)]],
    ]
  }

  private func short(_ actions: [TurnAction]) -> [String] {
    actions.map { action in
      switch action {
      case .open: "open"
      case .compact(let reason): "compact \(reason)"
      case .request(let number): "request \(number)"
      case .cancelResponse: "cancel response"
      case .show: "show"
      case .append(let item): "append \(item["type"]?.stringValue ?? "") \(item["role"]?.stringValue ?? "")"
      case .run(let call): "run \(call.itemId)"
      case .cancelTools: "cancel tools"
      case .consumed(let input): "consumed \(input.key)"
      case .putBack(let inputs): "putBack \(inputs.map(\.key).joined(separator: " "))"
      case .usage: "usage"
      case .wait(let ms, _, _): "wait \(ms)"
      case .grace(let ms): "grace \(ms)"
      case .askAboutLoop: "ask"
      case .checkEnd: "check end"
      case .warn: "warn"
      case .finish(let outcome): "finish \(outcome.status.name)"
      }
    }
  }

  @Test("reads start beside each other, a write waits for them, a later read waits for the write")
  func scheduling() {
    var machine = machine()
    _ = machine.apply(.begin)
    func done(_ id: String, _ name: String) -> [String] {
      short(machine.apply(.model(.itemDone(call(id, name)), response: 1))).filter { $0.hasPrefix("run") }
    }
    #expect(done("1", "read") == ["run 1"])
    #expect(done("2", "read") == ["run 2"])
    #expect(done("3", "write") == [])
    #expect(done("4", "read") == [])
    _ = machine.apply(.model(.completed(nil), response: 1))
    #expect(short(machine.apply(.toolFinished(itemId: "1", .text("a")))) == [])
    #expect(short(machine.apply(.toolFinished(itemId: "2", .text("b")))) == ["run 3"])
    #expect(short(machine.apply(.toolFinished(itemId: "3", .text("c")))) == ["run 4"])
    let outputs = Array(repeating: "append function_call_output ", count: 4)
    #expect(short(machine.apply(.toolFinished(itemId: "4", .text("d")))) == outputs + ["request 2"])
  }

  @Test("late and doubled events change nothing")
  func staleEvents() {
    var machine = machine()
    _ = machine.apply(.begin)
    #expect(short(machine.apply(.begin)) == [])
    #expect(short(machine.apply(.model(.textDelta(itemId: "m", delta: "x"), response: 7))) == [])
    #expect(short(machine.apply(.toolFinished(itemId: "none", .text("x")))) == [])
    #expect(short(machine.apply(.retryDue(response: 1))) == [])
    #expect(short(machine.apply(.graceOver)) == [])
    _ = machine.apply(.model(.itemDone(call("1", "read")), response: 1))
    _ = machine.apply(.model(.completed(nil), response: 1))
    #expect(short(machine.apply(.toolFinished(itemId: "1", .text("a")))).last == "request 2")
    #expect(short(machine.apply(.toolFinished(itemId: "1", .text("b")))) == [])
    _ = machine.apply(.interrupt)
    #expect(short(machine.apply(.interrupt)) == [])
    #expect(short(machine.apply(.begin)) == [])
  }

  @Test("an interrupt waits a moment for running calls, keeps what they return, aborts the rest")
  func interruptKeepsResults() {
    var machine = machine()
    _ = machine.apply(.begin)
    _ = machine.apply(.model(.itemDone(call("1", "read")), response: 1))
    _ = machine.apply(.model(.itemDone(call("2", "write")), response: 1))
    #expect(short(machine.apply(.interrupt)) == ["cancel response", "cancel tools", "grace 50"])
    let actions = machine.apply(.toolFinished(itemId: "1", .text("in time")))
    let outputs = actions.compactMap {
      if case .append(let item) = $0 { item["output"]?.stringValue } else { nil }
    }
    #expect(outputs == ["in time", "aborted by user"])
    #expect(short(actions).suffix(2) == ["append message user", "finish interrupted"])
  }

  @Test("input that was not consumed when the turn is interrupted is not lost")
  func steerAtInterrupt() {
    var machine = machine()
    _ = machine.apply(.begin)
    _ = machine.apply(.model(.itemDone(call("1", "read")), response: 1))
    #expect(short(machine.apply(.steer(SteeredInput(key: "k", items: [MessageItem.user("hi")])))) == [])
    _ = machine.apply(.interrupt)
    #expect(
      short(machine.apply(.graceOver)) == [
        "append function_call_output ", "append message user", "putBack k", "finish interrupted",
      ])
  }

  @Test("reasoning is held until its item is whole, and dropped with a cut stream")
  func heldReasoning() {
    var machine = machine()
    _ = machine.apply(.begin)
    let reasoning: JSONValue = ["type": "reasoning", "id": "rs", "summary": []]
    #expect(!short(machine.apply(.model(.itemDone(reasoning), response: 1))).contains("append reasoning "))
    let cut = machine.apply(.failed(ModelError(.cut, message: "cut"), response: 1, jitter: 0))
    #expect(short(cut) == ["wait 400"])
    #expect(short(machine.apply(.retryDue(response: 1))) == ["request 2"])
    _ = machine.apply(.model(.itemDone(reasoning), response: 2))
    let done = machine.apply(.model(.itemDone(message("m", "hi")), response: 2))
    #expect(
      short(done).filter { $0.hasPrefix("append") } == ["append reasoning ", "append message assistant"])
  }

  @Test("L3: while a retry waits, the call goes on; its output goes before the request")
  func l3_outputBeforeRetry() {
    var machine = machine()
    _ = machine.apply(.begin)
    _ = machine.apply(.model(.itemDone(call("1", "read")), response: 1))
    _ = machine.apply(.failed(ModelError(.cut, message: "cut"), response: 1, jitter: 0))
    #expect(short(machine.apply(.retryDue(response: 1))) == [])
    #expect(
      short(machine.apply(.toolFinished(itemId: "1", .text("a")))) == [
        "append function_call_output ", "request 2",
      ])
  }

  @Test("V6: a call that was cut off at the output limit is answered, not run")
  func v6_cutCall() {
    var machine = machine()
    _ = machine.apply(.begin)
    var cut = call("1", "write")
    cut["status"] = "incomplete"
    #expect(!short(machine.apply(.model(.itemDone(cut), response: 1))).contains { $0.hasPrefix("run") })
    let actions = machine.apply(.model(.incomplete(reason: "max_output_tokens", usage: nil), response: 1))
    #expect(short(actions) == ["usage", "append function_call_output ", "request 2"])
  }

  @Test("a cancelled approval ends the turn as interrupted, with the output that the call gave")
  func cancelDecision() {
    var machine = machine()
    _ = machine.apply(.begin)
    _ = machine.apply(.model(.itemDone(call("1", "read")), response: 1))
    _ = machine.apply(.model(.completed(nil), response: 1))
    var output = ToolOutput.text("rejected by user", success: false)
    output.interruptsTurn = true
    #expect(
      short(machine.apply(.toolFinished(itemId: "1", output))) == [
        "append function_call_output ", "append message user", "finish interrupted",
      ])
  }

  @Test(
    "every call gets exactly one output and every turn one end, whatever comes in which order",
    arguments: 0..<300)
  func randomEvents(seed: Int) {
    var random = SplitMix(state: UInt64(seed))
    var machine = machine()
    var calls: [String] = []
    var outputs: [String] = []
    var finishes = 0
    var response = 0
    var waiting: [String] = []
    var next = 0
    func take(_ actions: [TurnAction]) {
      for action in actions {
        switch action {
        case .request(let number): response = number
        case .append(let item):
          let type = item["type"]?.stringValue ?? ""
          if type == "function_call" { calls.append(item["call_id"]?.stringValue ?? "") }
          if type == "function_call_output" { outputs.append(item["call_id"]?.stringValue ?? "") }
        case .run(let call): waiting.append(call.itemId)
        case .finish: finishes += 1
        default: break
        }
      }
    }
    take(machine.apply(.begin))
    for _ in 0..<60 {
      switch random.next() % 12 {
      case 0, 1, 2:
        next += 1
        let name = ["read", "write", "ghost"][Int(random.next() % 3)]
        take(machine.apply(.model(.itemDone(call("c\(next)", name)), response: response)))
      case 3: take(machine.apply(.model(.textDelta(itemId: "m\(next)", delta: "x"), response: response)))
      case 4: take(machine.apply(.model(.completed(nil), response: response)))
      case 5:
        take(machine.apply(.failed(ModelError(.cut, message: "cut"), response: response, jitter: 0)))
        take(machine.apply(.retryDue(response: response)))
      case 6: take(machine.apply(.steer(SteeredInput(key: "k\(next)", items: []))))
      case 7 where random.next() % 8 == 0: take(machine.apply(.interrupt))
      default:
        if !waiting.isEmpty {
          let id = waiting.remove(at: Int(random.next() % UInt64(waiting.count)))
          take(machine.apply(.toolFinished(itemId: id, .text("\(random.next())"))))
        }
      }
    }
    take(machine.apply(.interrupt))
    take(machine.apply(.graceOver))
    #expect(calls == outputs)
    #expect(finishes == 1)
    #expect(machine.phase == .ended)
  }
}

/// A small reproducible generator (Steele, Lea, Flood 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
