import StetJSON
import StetProtocol
import StetRPC
import StetTestSupport
import Synchronization
import Testing

@testable import StetServer

/// A5, A6: whatever is told by whom and however slowly clients read, each sees its thread in order and whole.
@Suite struct OrderPropertyTests {
  private static let thread = ScriptedAgent.firstThread

  /// What one turn tells of its items: starts, pieces, completions, and questions in between.
  private struct Script {
    var notes: [ServerNotification] = []
    var texts: [String: String] = [:]

    init(_ random: inout SeededRandom) {
      var open: [String] = []
      var next = 0
      for _ in 0..<Int.random(in: 50...400, using: &random) {
        switch Int.random(in: 0..<10, using: &random) {
        case 0 where open.count < 4:
          let id = "i\(next)"
          next += 1
          open.append(id)
          texts[id] = ""
          notes.append(
            .itemStarted(.init(item: Self.item(id, ""), threadId: thread, turnId: "u", startedAtMs: 1)))
        case 1 where !open.isEmpty:
          let id = open.remove(at: Int.random(in: 0..<open.count, using: &random))
          notes.append(Self.completed(id, texts[id] ?? ""))
        case 2:
          notes.append(.turnDiffUpdated(.init(threadId: thread, turnId: "u", diff: "\(notes.count)")))
        default:
          guard let id = open.randomElement(using: &random) else { continue }
          let text = "\(notes.count) é"
          texts[id]? += text
          notes.append(.agentMessageDelta(.init(threadId: thread, turnId: "u", itemId: id, delta: text)))
        }
      }
      for id in open { notes.append(Self.completed(id, texts[id] ?? "")) }
    }

    private static func item(_ id: String, _ text: String) -> ThreadItem {
      .agentMessage(AgentMessageItem(id: id, text: text))
    }
    private static func completed(_ id: String, _ text: String) -> ServerNotification {
      .itemCompleted(.init(item: item(id, text), threadId: thread, turnId: "u", completedAtMs: 1))
    }
  }

  @Test("A5, A6: random interleavings, two clients of random speed", arguments: 0..<25)
  func interleavings(seed: Int) async throws {
    var random = SeededRandom(seed: UInt64(seed))
    let script = Script(&random)
    let outbox = Outbox(clock: { 0 }, log: .init(label: "test"))
    let limits = ClientQueue.Limits(
      mergeFrom: Int.random(in: 0...8, using: &random), capacity: Int.random(in: 0...16, using: &random))
    let transports = [StuckTransport(), StuckTransport(), StuckTransport()]
    for (peer, transport) in transports.enumerated() {
      outbox.add(peer, ClientQueue(transport: transport, clock: { 0 }, limits: limits))
      outbox.admit(peer, try Self.profile(events: peer == 2))
      outbox.subscribe(peer, to: Self.thread)
    }
    let steps = script.notes.map { note in
      (note, transports.map { _ in Int.random(in: 0...2, using: &random) })
    }
    // Another thread and direct answers go on beside it.
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for (note, allowances) in steps {
          outbox.notify(note, thread: Self.thread)
          for (transport, count) in zip(transports, allowances) { transport.allow(count) }
        }
      }
      group.addTask {
        for number in 0..<100 {
          outbox.notify(
            .threadStatusChanged(.init(threadId: ScriptedAgent.secondThread, status: .idle)),
            thread: ScriptedAgent.secondThread)
          outbox.send(.result(id: .int(Int64(number)), [:]), to: 0)
        }
      }
    }
    for (peer, transport) in transports.enumerated() {
      transport.allow(10_000)
      outbox.remove(peer)?.finish(withinMs: 60_000)
    }
    let seen = transports.map { transport in transport.sent.withLock { $0 } }
    for messages in seen { try check(messages, script) }
    try checkNumbers(seen[2])
    // Neither is told anything in another order than the other, joined pieces aside.
    #expect(landmarks(seen[0]) == landmarks(seen[1]))
    #expect(landmarks(seen[0]) == landmarks(seen[2]))
  }

  static func profile(events: Bool) throws -> ClientProfile {
    var capabilities = InitializeCapabilities(experimentalApi: true)
    if events { capabilities.stet = StetCapabilities(events: true) }
    return ClientProfile(
      InitializeParams(clientInfo: ClientInfo(name: "a", version: "1"), capabilities: capabilities),
      serverVersion: "1", keepsSnapshots: false)
  }

  /// What is told of each item is its start, all its text, its completion.
  private func check(_ messages: [Message], _ script: Script) throws {
    var texts: [String: String] = [:]
    var done = Set<String>()
    for message in messages {
      if let item = message.params(of: "item/started")?["item"]?["id"]?.stringValue {
        #expect(texts.updateValue("", forKey: item) == nil)
      } else if let params = message.params(of: "item/agentMessage/delta") {
        let item = try #require(params["itemId"]?.stringValue)
        #expect(texts[item] != nil && !done.contains(item))
        texts[item]? += try #require(params["delta"]?.stringValue)
      } else if let item = message.params(of: "item/completed")?["item"] {
        let id = try #require(item["id"]?.stringValue)
        #expect(done.insert(id).inserted)
        #expect(texts[id] == item["text"]?.stringValue)
      }
    }
    #expect(texts == script.texts)
    #expect(done == Set(script.texts.keys))
  }

  /// The numbers of the thread go up without a gap, joined pieces naming their first.
  private func checkNumbers(_ messages: [Message]) throws {
    var last = 0
    for message in messages {
      guard case .notification(_, let params, _, let stet) = message,
        params?["threadId"]?.stringValue == Self.thread
      else { continue }
      let seq = try #require(stet?["seq"]?.intValue)
      #expect(stet?["fromSeq"]?.intValue ?? seq == last + 1)
      last = seq
    }
  }

  private func landmarks(_ messages: [Message]) -> [String] {
    messages.compactMap { message in
      guard case .notification(let method, let params?, _, _) = message, !method.hasSuffix("/delta"),
        params["threadId"]?.stringValue == Self.thread
      else { return nil }
      return method + (params["item"]?["id"]?.stringValue ?? params["diff"]?.stringValue ?? "")
    }
  }
}

/// Random numbers that are the same for the same seed (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed &+ 0x9E37_79B9_7F4A_7C15 }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
