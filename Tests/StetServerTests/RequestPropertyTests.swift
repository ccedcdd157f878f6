import StetAgent
import StetJSON
import StetProtocol
import StetRPC
import StetTestSupport
import Synchronization
import Testing

@testable import StetServer

/// A7: questions of a thread while clients join, leave, answer rightly and wrongly, and turns end, in any order.
@Suite struct RequestPropertyTests {
  private static let thread = ScriptedAgent.firstThread
  private static let good: JSONValue = ["decision": "accept"]

  /// What the protocol says is to happen.
  private struct Model {
    struct Question {
      var askedOf: Set<Int> = []
      var refusedBy: Set<Int> = []
    }

    var joined: Set<Int> = []
    var open: [Int64: Question] = [:]
    /// What each client is sent: `ask 3`, `resolved 3`.
    var sent: [Int: [String]] = [:]
    /// How each question ended: by whose answer; -1 in a refusal, nil from the agent's side.
    var ends: [Int64: Int?] = [:]

    mutating func ask(_ id: Int64, _ peers: some Sequence<Int>) {
      for peer in peers {
        sent[peer, default: []].append("ask \(id)")
        open[id]?.askedOf.insert(peer)
        open[id]?.refusedBy.remove(peer)
      }
    }

    mutating func end(_ id: Int64, _ by: Int?) {
      open[id] = nil
      ends[id] = .some(by)
      for peer in joined { sent[peer, default: []].append("resolved \(id)") }
    }

    mutating func answer(_ id: Int64, by peer: Int, isGood: Bool) {
      guard open[id]?.askedOf.contains(peer) ?? false else { return }
      if isGood { return end(id, peer) }
      open[id]?.refusedBy.insert(peer)
      endHopeless()
    }

    mutating func endHopeless() {
      guard !joined.isEmpty else { return }
      for id in open.keys.sorted() {
        guard let question = open[id], !question.refusedBy.isEmpty, joined.isSubset(of: question.refusedBy)
        else { continue }
        end(id, -1)
      }
    }
  }

  /// The server's side: an outbox with clients whose reading nothing holds up.
  private final class Ground: Sendable {
    let outbox = Outbox(clock: { 0 }, log: .init(label: "test"))
    let transports: [StuckTransport]
    let results = Mutex<[Int64: [Result<JSONValue, RPCError>]]>([:])
    let tokens = Mutex<[any PendingRequestToken]>([])

    init(_ count: Int) throws {
      transports = (0..<count).map { _ in StuckTransport() }
      for (peer, transport) in transports.enumerated() {
        transport.allow(1 << 30)
        outbox.add(peer, ClientQueue(transport: transport, clock: { 0 }))
        outbox.admit(peer, try OrderPropertyTests.profile(events: peer == 0))
      }
    }

    func ask(_ id: Int64) {
      let request = ServerRequest.fileChangeRequestApproval(
        .init(threadId: thread, turnId: "u", itemId: "i\(id)", startedAtMs: 1))
      let token = outbox.request(request, thread: thread) { [self] result in
        results.withLock { $0[id, default: []].append(result) }
      }
      tokens.withLock { $0.append(token) }
    }

    func join(_ peer: Int) {
      outbox.subscribe(peer, to: thread)
      outbox.askAgain(peer, afterGoalOf: thread)
      outbox.notify(.threadGoalCleared(.init(threadId: thread)), thread: thread)
    }

    /// What a client was sent of questions.
    func seen(_ peer: Int) -> [String] {
      // Not by removing it: that would end what the others refused.
      outbox.state.withLock { $0.peers[peer]?.queue }?.finish(withinMs: 60_000)
      return transports[peer].sent.withLock { $0 }.compactMap { message in
        if case .request(.int(let id), _, _, _) = message { return "ask \(id)" }
        return message.params(of: "serverRequest/resolved")?["requestId"]?.intValue.map { "resolved \($0)" }
      }
    }
  }

  @Test(
    "A7: each client is asked and told exactly what is its due, and each question ends once",
    arguments: 0..<60)
  func sequences(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let ground = try Ground(4)
    var model = Model()
    var next: Int64 = 0
    for _ in 0..<200 {
      let peer = Int.random(in: 0..<4, using: &random)
      switch Int.random(in: 0..<10, using: &random) {
      case 0, 1:
        model.open[next] = .init()
        model.ask(next, model.joined)
        ground.ask(next)
        next += 1
      case 2:
        model.joined.insert(peer)
        for id in model.open.keys.sorted() { model.ask(id, [peer]) }
        ground.join(peer)
      case 3:
        model.joined.remove(peer)
        model.endHopeless()
        _ = ground.outbox.unsubscribe(peer, from: Self.thread)
      case 4 where next > 0:
        let id = Int64.random(in: 0..<next, using: &random)
        if model.open[id] != nil { model.end(id, nil) }
        ground.tokens.withLock { $0[Int(id)] }.resolve()
      default:
        guard next > 0 else { continue }
        let id = Int64.random(in: max(0, next - 4)..<next, using: &random)
        let isGood = Bool.random(using: &random)
        model.answer(id, by: peer, isGood: isGood)
        ground.outbox.answered(.int(id), .success(isGood ? Self.good : [:]), by: peer)
      }
    }
    for peer in 0..<4 { #expect(ground.seen(peer) == model.sent[peer] ?? [], "client \(peer)") }
    let results = ground.results.withLock { $0 }
    for id in 0..<next {
      switch model.ends[id] {
      case .some(.some(-1)):
        guard case .failure? = results[id]?.first else {
          Issue.record("question \(id) was to fail")
          continue
        }
        #expect(results[id]?.count == 1)
      case .some(.some): #expect(results[id] == [.success(Self.good)])
      default: #expect(results[id] == nil)
      }
    }
  }

  @Test("A7: answers of all clients at once: one wins, each is told once", arguments: 0..<20)
  func race(seed: Int) async throws {
    let ground = try Ground(4)
    for peer in 0..<3 { ground.join(peer) }
    let count: Int64 = 50
    for id in 0..<count { ground.ask(id) }
    await withTaskGroup(of: Void.self) { group in
      for peer in 0..<3 {
        group.addTask {
          var random = SeededRandom(seed: UInt64(seed * 3 + peer))
          for id in (0..<count).shuffled(using: &random) {
            ground.outbox.answered(.int(id), .success(Self.good), by: peer)
          }
        }
      }
      // One more joins meanwhile: it is asked what is open then, and told of the end of each of that.
      group.addTask { ground.join(3) }
    }
    #expect(ground.results.withLock { $0 }.values.allSatisfy { $0 == [.success(Self.good)] })
    #expect(ground.results.withLock { $0.count } == Int(count))
    for peer in 0..<4 {
      let seen = ground.seen(peer)
      let (asked, told) = (seen.filter { $0.hasPrefix("ask") }, seen.filter { $0.hasPrefix("resolved") })
      #expect(Set(asked).count == asked.count && Set(told).count == told.count)
      #expect(told.count == Int(count) || peer == 3)
      for text in asked {
        let end = text.replacing("ask", with: "resolved")
        #expect(seen.firstIndex(of: end) ?? 0 > seen.firstIndex(of: text) ?? .max, "client \(peer): \(text)")
      }
    }
  }
}
