import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// P1 over whole random sessions: turns, steers, interrupts, changed policies, models and directories, restarts, forks,
/// compactions and their undo, reverts. Only compactions and edits of the history may change what was sent.
@Suite(.timeLimit(.minutes(10)))
struct PrefixSessionTests {
  /// What a thread's last request to each model held; what may follow it begins so. A model does not get the reasoning of
  /// another one (P10), so only requests to the same model are compared.
  private struct Chain {
    var items: [String: [[UInt8]]] = [:]
    /// The tools of each model, as bytes.
    var tools: [String: [UInt8]] = [:]

    /// Takes the next request; nil, or what is wrong with it.
    mutating func take(_ body: Body) -> String? {
      if let known = tools[body.model], known != body.tools { return "the tools of \(body.model) changed" }
      tools[body.model] = body.tools
      guard let items = items[body.model] else {
        self.items[body.model] = body.items
        return nil
      }
      // One that was cancelled may arrive after the one that followed it.
      let (short, long) = items.count <= body.items.count ? (items, body.items) : (body.items, items)
      if let index = zip(short, long).enumerated().first(where: { $1.0 != $1.1 })?.offset {
        return "input[\(index)] of \(long.count) differs"
      }
      self.items[body.model] = long
      return nil
    }
  }

  /// A request as bytes: what the provider's cache sees.
  private struct Body {
    let model: String
    let tools: [UInt8]
    let items: [[UInt8]]
    let isCompaction: Bool

    init?(_ bytes: [UInt8]) {
      guard let json = try? JSONValue(parsing: bytes), let name = json["model"]?.stringValue,
        let start = bytes.firstRange(of: Array(#","tools":"#.utf8)),
        let input = bytes.firstRange(of: Array(#","input":["#.utf8))
      else { return nil }
      model = name
      tools = Array(bytes[start.upperBound..<input.lowerBound])
      // The reader keeps the order of members, and the writer is ours: these are the bytes that were sent.
      items = (json["input"]?.arrayValue ?? []).map { $0.serialized() }
      isCompaction = json["tool_choice"] == "none"
      let joined = Array(items.joined(separator: Array(",".utf8)))
      guard Array(bytes[input.upperBound...].dropLast(2)) == joined else { return nil }
    }
  }

  private final class Run {
    let seed: UInt64
    var random: SplitMix
    var harness: AgentHarness
    var chains: [String: Chain] = [:]
    var threads: [String] = []
    var seen = 0
    var checked = 0
    /// What was done, for the message of a failure.
    var steps: [String] = []
    let work = TempDirectory("work")
    /// Whether MCP servers come, go and change.
    let hasServers: Bool
    private let place = TempDirectory("servers")

    init(seed: UInt64, hasServers: Bool = false) {
      self.seed = seed
      self.hasServers = hasServers
      random = SplitMix(state: seed &* 0x51_7C_C1_B7_27_22_0A_95)
      work.makeDirectory("sub")
      work.makeDirectory(".git")
      work.write("AGENTS.md", "Be terse.")
      place.write("server.py", Self.server)
      harness = AgentHarness(
        [], tools: nil, provider: Self.trust(work), environment: Self.environment, work: work)
    }

    static let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin"]
    static func trust(_ work: TempDirectory) -> String {
      "[projects.\"\(work.path)\"]\ntrust_level = \"trusted\""
    }

    /// A server whose tools are its arguments.
    private static let server = #"""
      import json, sys
      tools = [{"name": n, "description": n, "inputSchema": {"type": "object", "properties": {}}} for n in sys.argv[1:]]
      for line in sys.stdin:
          m = json.loads(line)
          if "id" not in m: continue
          me = m.get("method"); r = {}
          if me == "initialize": r = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "s", "version": "1"}}
          elif me == "tools/list": r = {"tools": tools}
          sys.stdout.write(json.dumps({"jsonrpc": "2.0", "id": m["id"], "result": r}) + "\n"); sys.stdout.flush()
      """#

    /// Other servers, or other tools of the same ones, from now on.
    func changeServers() {
      let mask = pick(8)
      var tables = ""
      for (index, name) in ["alpha", "beta", "gamma"].enumerated() where mask >> UInt64(index) & 1 == 1 {
        let tools = (0...pick(2)).map { ", \"t\($0)\"" }.joined()
        tables +=
          "\n[mcp_servers.\(name)]\ncommand = \"python3\"\nargs = [\"\(place.path("server.py"))\"\(tools)]\n"
      }
      let base = (harness.home.text("config.toml") ?? "").components(before: "\n[mcp_servers.")
      harness.home.write("config.toml", base + tables)
      steps.append("servers \(mask)")
    }

    func pick(_ count: UInt64) -> UInt64 { random.next() % count }

    func fail(_ text: String) {
      Issue.record("seed \(seed): \(text); steps: \(steps.joined(separator: ", "))")
    }

    /// Looks at the requests that came since the last look; all are of one thread.
    func check(_ thread: String) {
      var bodies: [Body] = []
      for bytes in harness.model.bodies[seen...] {
        if let body = Body(bytes) { bodies.append(body) } else { fail("a request of another form") }
      }
      checked += harness.model.bodies.count - seen
      seen = harness.model.bodies.count
      for body in bodies.sorted(by: { $0.items.count < $1.items.count }) where !body.isCompaction {
        if let wrong = chains[thread, default: Chain()].take(body) { fail(wrong) }
      }
    }
  }

  @Test("P1: in any session the tools stay and what was sent begins what is sent", arguments: 0..<16)
  func p1_anySession(seed: UInt64) async throws {
    let run = Run(seed: seed)
    run.threads = [try await run.harness.start().thread.id]
    for step in 0..<9 {
      let thread = run.threads[Int(run.pick(UInt64(run.threads.count)))]
      try await turn(run, thread, step)
      switch run.pick(8) {
      case 0: try await restart(run)
      case 1: try await fork(run, thread)
      case 2: try await compact(run, thread, step)
      case 3: try await revert(run, thread)
      case 4: run.work.write("AGENTS.md", "Be terse. Rule \(step).")
      default: break
      }
    }
    // Of nine turns some are stopped before they ask.
    #expect(run.checked >= 4, "seed \(seed)")
    let wrong = run.harness.model.invariantViolations.filter {
      $0.kind != .prefixChanged && $0.kind != .headChanged
    }
    #expect(wrong.map(\.description) == [], "seed \(seed): \(run.steps)")
  }

  @Test("issue 9, P1, P2: the same where MCP servers come, go and change between turns", arguments: 0..<16)
  func p2_servers(seed: UInt64) async throws {
    let run = Run(seed: seed &+ 1_000, hasServers: true)
    run.changeServers()
    run.threads = [try await run.harness.start().thread.id]
    for step in 0..<9 {
      let thread = run.threads[Int(run.pick(UInt64(run.threads.count)))]
      try await turn(run, thread, step)
      switch run.pick(8) {
      case 0: try await restart(run)
      case 1: try await fork(run, thread)
      case 2: try await compact(run, thread, step)
      case 3: try await revert(run, thread)
      default:
        run.changeServers()
        let _: EmptyResponse = try await run.harness.call {
          run.harness.agent.configMcpServerReload(reply: $0)
        }
      }
    }
    #expect(run.checked >= 4, "seed \(seed)")
    await run.harness.agent.shutdown()
  }

  // MARK: - Steps

  private func turn(_ run: Run, _ thread: String, _ step: Int) async throws {
    for _ in 0..<run.pick(3) {
      switch run.pick(3) {
      case 0:
        run.harness.model.extend(.calls(("list_dir", ["path": "."]), ("ghost", ["n": .int(Int64(step))])))
      case 1: run.harness.model.extend(.respond([.reasoning("hm"), .call("list_dir", ["path": "sub"])]))
      default:
        run.harness.model.extend(.call("update_plan", ["plan": [["step": "ü\"\n", "status": "pending"]]]))
      }
    }
    for _ in 0..<4 { run.harness.model.extend(.text("done 字 \(step)", chunk: 2)) }
    var params = TurnStartParams(threadId: thread, input: [.text("step \(step)")])
    var words = "turn"
    switch run.pick(7) {
    case 0: (params.sandboxPolicy, words) = (.dangerFullAccess, "turn without sandbox")
    case 1: (params.sandboxPolicy, words) = (.readOnly(networkAccess: run.pick(2) == 0), "turn, reading only")
    case 2: (params.approvalPolicy, words) = (.never, "turn without asking")
    case 3: (params.cwd, words) = (run.pick(2) == 0 ? run.work.path("sub") : run.work.path, "turn elsewhere")
    case 4: (params.model, words) = (run.pick(2) == 0 ? "gpt-5.5" : "mock-model", "turn with another model")
    default: break
    }
    let started: TurnStartResponse = try await run.harness.call {
      run.harness.agent.turnStart(params, reply: $0)
    }
    if run.pick(4) == 0 {
      words += ", steered"
      let steer = TurnStartParams(threadId: thread, input: [.text("and \(step)")])
      let _: TurnStartResponse = try await run.harness.call { run.harness.agent.turnStart(steer, reply: $0) }
    }
    if run.pick(5) == 0 {
      words += ", interrupted"
      // It may be over by now.
      _ = try? await run.harness.interrupt(thread)
    }
    run.steps.append(words)
    _ = await run.harness.ended(started.turn.id)
    try await quiet(run, thread)
    run.check(thread)
  }

  /// A steer that came too late has a turn of its own: waits until nothing runs, and nothing waits that starts by itself.
  private func quiet(_ run: Run, _ thread: String) async throws {
    let harness = run.harness
    while true {
      _ = try await eventually("no turn runs") { () -> Bool? in
        let status = harness.agent.loadedThreads.first { $0.id == thread }?.status
        guard status == .idle || status == .systemError else { return nil }
        let started = harness.sink.notifications.count { if case .turnStarted = $0 { true } else { false } }
        return started == harness.sink.entries.compactMap(\.turnCompleted).count ? true : nil
      }
      let waiting: ThreadQueueListResponse = try await harness.call {
        harness.agent.threadQueueList(ThreadQueueListParams(threadId: thread), reply: $0)
      }
      let last = harness.sink.entries.compactMap(\.turnCompleted).last
      if waiting.data.isEmpty || last?.status != .completed { return }
    }
  }

  private func restart(_ run: Run) async throws {
    run.steps.append("restart")
    await run.harness.agent.shutdown()
    run.harness = AgentHarness(
      [], tools: nil, provider: Run.trust(run.work), environment: Run.environment, home: run.harness.home,
      work: run.work)
    if run.hasServers { run.changeServers() }
    run.seen = 0
    for thread in run.threads { _ = try await run.harness.resume(thread) }
  }

  private func fork(_ run: Run, _ thread: String) async throws {
    run.steps.append("fork")
    let fork = try await run.harness.fork(thread).thread.id
    run.threads.append(fork)
    run.chains[fork] = run.chains[thread]
  }

  private func compact(_ run: Run, _ thread: String, _ step: Int) async throws {
    run.steps.append("compact")
    run.harness.model.extend(.text(String(repeating: "A summary of \(step). ", count: 30)))
    run.harness.sink.mark("compact \(step)")
    let _: EmptyResponse = try await run.harness.call {
      run.harness.agent.threadCompactStart(ThreadCompactStartParams(threadId: thread), reply: $0)
    }
    _ = await run.harness.ended(await run.harness.begun(after: "compact \(step)"))
    run.check(thread)
    run.chains[thread]?.items = [:]
    guard run.pick(2) == 0 else { return }
    run.steps.append("undo")
    // Nothing was compacted where there was nothing to summarise.
    let _: StetContextUse? = try? await run.harness.call {
      run.harness.agent.compactUndo(StetCompactUndoParams(threadId: thread), reply: $0)
    }
  }

  private func revert(_ run: Run, _ thread: String) async throws {
    guard let last = try await run.harness.turnIds(thread).last else { return }
    run.steps.append("revert")
    _ = try await run.harness.revert(thread, before: last)
    run.chains[thread]?.items = [:]
  }
}

extension String {
  /// What stands before the first `mark`; all of it where there is none.
  fileprivate func components(before mark: String) -> String {
    firstRange(of: mark).map { String(self[..<$0.lowerBound]) } ?? self
  }
}
