import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// P1 over random sessions: whatever happens, a request begins with the bytes of the one before.
@Suite(.timeLimit(.minutes(10)))
struct PrefixPropertyTests {
  /// Requests to compare in a session of eight turns; one that is stopped at once makes none.
  private static let least = 4

  @Test("P1: the tools are equal and the earlier input is a byte prefix of the later one", arguments: 0..<12)
  func p1_prefixIsKept(seed: UInt64) async throws {
    #expect(try await session(seed, wire: "responses", flags: nil) >= Self.least)
  }

  @Test(
    "P1: the same on the other wires, whatever an endpoint takes",
    arguments: ["chat", "messages"], 0..<6)
  func p1_prefixIsKeptOnOtherWires(wire: String, seed: UInt64) async throws {
    var flags = WireFlags()
    flags.reasoningField = seed % 2 == 0 ? .reasoningContent : nil
    flags.developerRole = seed % 3 == 0
    flags.assistantAfterTool = seed % 3 == 1
    flags.toolIdFormat = [.any, .alphanumeric9, .anthropic][Int(seed % 3)]
    #expect(try await session(seed &+ 100, wire: wire, flags: flags) >= Self.least)
  }

  /// Plays a session and compares its requests; how many there were.
  private func session(_ seed: UInt64, wire: String, flags: WireFlags?) async throws -> Int {
    var random = SplitMix(state: seed)
    let work = TempDirectory("work")
    work.makeDirectory("sub")
    let tools = [
      ScriptedTool("look") { call, _ in .text("saw \(call.arguments.text)") },
      ScriptedTool("change", .write) { _, _ in .text("ok") },
    ]
    var harness = AgentHarness([], tools: tools, work: work, wire: wire, flags: flags)
    let id = try await harness.start().thread.id
    var bodies: [[UInt8]] = []
    for step in 0..<8 {
      extend(harness.model, &random)
      var params = TurnStartParams(threadId: id, input: [.text("step \(step)")])
      switch random.next() % 5 {
      case 0: params.sandboxPolicy = .dangerFullAccess
      case 1: params.sandboxPolicy = .readOnly(networkAccess: random.next() % 2 == 0)
      case 2: params.approvalPolicy = .never
      case 3: params.cwd = random.next() % 2 == 0 ? work.path("sub") : work.path
      default: break
      }
      let started: TurnStartResponse = try await harness.call { harness.agent.turnStart(params, reply: $0) }
      if random.next() % 4 == 0 {
        let steer = TurnStartParams(threadId: id, input: [.text("and \(step)")])
        let _: TurnStartResponse = try await harness.call { harness.agent.turnStart(steer, reply: $0) }
      }
      if random.next() % 5 == 0 { try? await harness.interrupt(id) }
      _ = await harness.ended(started.turn.id)
      if random.next() % 4 == 0 {
        bodies += harness.model.bodies
        check(harness.model, seed, rolesAlternate: flags?.developerRole != true)
        harness = await harness.restarted([], tools: tools)
        _ = try await harness.resume(id)
      }
    }
    check(harness.model, seed, rolesAlternate: flags?.developerRole != true)
    // A request that was cancelled may arrive after the one that followed it: by length they are in order.
    bodies = (bodies + harness.model.bodies).sorted { $0.count < $1.count }
    for (earlier, later) in zip(bodies, bodies.dropFirst()) {
      let isPrefix = later.starts(with: earlier.dropLast(2))
      #expect(isPrefix, "seed \(seed), a request of \(later.count) bytes")
    }
    return bodies.count
  }

  private func check(_ model: FakeModel, _ seed: UInt64, rolesAlternate: Bool) {
    // With a role of their own for the harness, messages need not alternate.
    let besides: [InvariantViolation.Kind] =
      [.prefixChanged, .headChanged] + (rolesAlternate ? [] : [.roleTwice])
    let wrong = model.invariantViolations.filter { !besides.contains($0.kind) }
    #expect(wrong.map(\.description) == [], "seed \(seed)")
  }

  /// Steps enough for any turn: a few calls, then text.
  private func extend(_ model: FakeModel, _ random: inout SplitMix) {
    for _ in 0..<(random.next() % 3) {
      switch random.next() % 3 {
      case 0: model.extend(.calls(("look", ["n": .int(Int64(random.next() % 9))]), ("change", [:])))
      case 1: model.extend(.respond([.reasoning("hm"), .call("look", ["s": "ü\"\n"])]))
      default: model.extend(.call("ghost", [:]))
      }
    }
    // A steer asks once more than the script of the turn, and a cancelled request takes a step too.
    for _ in 0..<4 { model.extend(.text("done 字", chunk: 2)) }
  }
}
