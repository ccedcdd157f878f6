import Glibc
import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// Commands that outlive their call, and what interrupts them (T8, L6).
@Suite(.timeLimit(.minutes(10)))
struct BackgroundTests {
  private static let wait = "until [ -e go ]; do sleep 0.02; done; echo end"

  private func untilCompleted(_ bench: Workbench) async {
    await bench.sink.until { entries in
      entries.contains {
        if case .notification(.itemCompleted(let value)) = $0, case .commandExecution = value.item {
          true
        } else {
          false
        }
      }
    }
  }

  @Test("T8: a command that yields outlives the turn; its item completes later under the old turn")
  func t8_yields() async throws {
    let bench = try await Workbench([
      .call("exec_command", ["cmd": .string(Self.wait), "yield_time_ms": 250]), .text("it runs"),
    ])
    let turn = try await bench.harness.turn(bench.thread, "go")
    #expect(turn.status == .completed && bench.commands.isEmpty)
    #expect(bench.output().contains("Process running with session ID 1"))
    bench.work.write("go", "")
    await untilCompleted(bench)
    let last = bench.sink.notifications.last
    guard case .itemCompleted(let value)? = last else {
      Issue.record("\(String(describing: last))")
      return
    }
    #expect(value.turnId == turn.id)
    #expect(bench.commands.first?.status == .completed && bench.commands.first?.aggregatedOutput == "end\n")
  }

  @Test("write_stdin types, waits and reads; the end that nobody waited for is kept for the next look")
  func writeStdin() async throws {
    let bench = try await Workbench([
      .call(
        "exec_command",
        ["cmd": "read x; echo got $x; read y; echo bye $y", "tty": true, "yield_time_ms": 250]),
      .call("write_stdin", ["session_id": 1, "chars": "one\n", "yield_time_ms": 250]),
      .text("later"),
      .call("write_stdin", ["session_id": 1, "chars": "two\n", "yield_time_ms": 30_000]),
      .call("write_stdin", ["session_id": 1, "chars": ""]),
      .call("write_stdin", ["session_id": 1, "chars": ""]),
      .text("done"),
    ])
    _ = try await bench.harness.turn(bench.thread, "go")
    #expect(bench.output(1, request: 2).contains("got one"))
    #expect(bench.output(1, request: 2).contains("running with session ID 1"))
    _ = try await bench.harness.turn(bench.thread, "go on")
    let end = bench.output(2, request: 4)
    #expect(end.contains("Process exited with code 0") && end.contains("bye two"))
    #expect(bench.output(4, request: 6).hasPrefix("write_stdin failed: Unknown process id 1."))
    let typed = bench.sink.notifications.compactMap {
      if case .terminalInteraction(let value) = $0 { value.stdin } else { nil }
    }
    #expect(typed == ["one\n", "two\n"])
  }

  @Test("T8: the last output of a command that ended between two looks is not lost")
  func t8_lastOutput() async throws {
    let bench = try await Workbench([
      .call("exec_command", ["cmd": .string(Self.wait), "yield_time_ms": 250]), .text("it runs"),
      .call("write_stdin", ["session_id": 1]), .text("done"),
    ])
    _ = try await bench.harness.turn(bench.thread, "go")
    bench.work.write("go", "")
    await untilCompleted(bench)
    _ = try await bench.harness.turn(bench.thread, "and?")
    #expect(bench.output(1, request: 3).contains("exited with code 0\nOutput:\nend\n"))
  }

  @Test("input for a command without one, and for none at all, is an error that says what to do")
  func noInput() async throws {
    let bench = try await Workbench([
      .call("exec_command", ["cmd": "sleep 1000", "yield_time_ms": 250]),
      .call("write_stdin", ["session_id": 1, "chars": "x"]),
      .call("write_stdin", ["session_id": 77, "chars": "x"]), .text("done"),
    ])
    _ = try await bench.harness.turn(bench.thread, "go")
    #expect(bench.output(1, request: 2).contains("start it anew with tty=true"))
    #expect(bench.output(2, request: 3).hasPrefix("write_stdin failed: Unknown process id 77."))
    await bench.harness.agent.shutdown()
    #expect(bench.commands.first?.status == .failed && bench.commands.first?.exitCode == -1)
  }

  @Test("L6: an interrupt ends the turn and kills the whole process group, though it ignores TERM")
  func l6_interruptKills() async throws {
    let bench = try await Workbench(
      [
        .call(
          "exec_command",
          ["cmd": "trap '' TERM; sleep 1000 & echo pid $!; wait; sleep 1000", "yield_time_ms": 30_000])
      ], sandbox: .dangerFullAccess)
    let turn = try await bench.harness.begin(bench.thread, "go")
    await bench.untilDelta("pid ")
    try await bench.harness.interrupt(bench.thread)
    let ended = await bench.harness.ended(turn.id)
    #expect(ended.status == .interrupted)
    let command = try #require(bench.commands.first)
    #expect(command.status == .failed && command.aggregatedOutput?.hasPrefix("pid ") == true)
    bench.harness.checkInvariants()
    let pid = try #require(Int32(bench.deltas.split(whereSeparator: \.isWhitespace)[1]))
    // KILL follows TERM by itself; the test only waits for it.
    _ = try await eventually("the child is gone") { kill(pid, 0) == -1 && errno == ESRCH ? true : nil }
  }

  private final class Sleeper: BackgroundProcess {
    let processId: String
    let itemId = "item", command = "sleep", cwd = "/"
    let osPid: Int32 = 0

    init(_ processId: String) { self.processId = processId }

    func terminate() async {}
  }

  @Test("T8: of more than 64 sessions the one that was used least recently is ended")
  func t8_leastRecentlyUsed() {
    let registry = ProcessRegistry()
    for number in 1...64 { #expect(registry.add(Sleeper("\(number)")) == nil) }
    #expect(registry.process("1") != nil, "used again: it is the youngest now")
    #expect(registry.add(Sleeper("65"))?.processId == "2")
    #expect(registry.all.count == 64 && registry.process("2") == nil && registry.process("1") != nil)
  }

  @Test("T8: what a command leaves running is ended by the sandbox, and listed where there is none")
  func t8_leftBehind() async throws {
    let leave = "sleep 1000 >/dev/null 2>&1 & echo pid $!"
    func run(_ sandbox: SandboxMode, _ script: String) async throws -> (output: String, warnings: [String]) {
      let bench = try await Workbench(
        [.call("exec_command", ["cmd": .string(script), "yield_time_ms": 30_000]), .text("done")],
        sandbox: sandbox)
      try await bench.turn()
      return (bench.output(), bench.harness.warnings)
    }
    let outside = try await run(.dangerFullAccess, leave)
    let word = try #require(outside.output.split(whereSeparator: \.isWhitespace).last)
    let pid = try #require(Int32(word))
    defer { kill(pid, SIGKILL) }
    #expect(kill(pid, 0) == 0)
    #expect(
      outside.output.contains("left running in the background: sleep (pid \(pid))"), "\(outside.output)")
    #expect(outside.warnings.contains { $0.contains("left running: sleep (pid \(pid))") })

    // A number that no other process of the machine has on its command line.
    let mark = "\(Int.random(in: 100_000_000...999_999_999))"
    let inside = try await run(
      .workspaceWrite,
      "sleep \(mark) & setsid -f sleep \(mark) >/dev/null 2>&1 & (sleep \(mark) &) >/dev/null 2>&1; echo end")
    #expect(inside.output.hasSuffix("end\n") && !inside.output.contains("left running"))
    try await eventually("all of them are gone") { Self.commandLines(mark).isEmpty ? () : nil }
  }

  /// The processes that have a word on their command line.
  private static func commandLines(_ word: String) -> [String] {
    // The brackets keep the search from finding itself.
    let script = "grep -la '[\(word.prefix(1))]\(word.dropFirst())' /proc/[0-9]*/cmdline 2>/dev/null"
    guard let pipe = popen(script, "r") else { return ["?"] }
    defer { pclose(pipe) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, pipe)
    return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test("L6: a session in the background survives the interrupt of a later turn")
  func l6_backgroundSurvives() async throws {
    let bench = try await Workbench([
      .call("exec_command", ["cmd": .string(Self.wait), "yield_time_ms": 250]), .text("it runs"),
      .call("write_stdin", ["session_id": 1, "yield_time_ms": 300_000]),
    ])
    _ = try await bench.harness.turn(bench.thread, "go")
    let second = try await bench.harness.begin(bench.thread, "watch it")
    await bench.harness.model.untilRequests(3)
    try await bench.harness.interrupt(bench.thread)
    #expect(await bench.harness.ended(second.id).status == .interrupted)
    #expect(bench.commands.isEmpty)
    bench.work.write("go", "")
    await untilCompleted(bench)
    #expect(bench.commands.first?.status == .completed)
  }

  @Test("S6: what a command that runs on makes is moved before another starts, and when the turn ends")
  func s6_sweptWhileItRuns() async throws {
    let script = """
      for n in 1 2; do until [ -e make$n ]; do sleep 0.02; done; mkdir .vscode; echo x > .vscode/tasks.json; done
      until [ -e go ]; do sleep 0.02; done
      """
    let gate = Gate()
    let bench = try await Workbench([
      .call("exec_command", ["cmd": .string(script), "yield_time_ms": 250]), .text("it runs"),
      .call("exec_command", ["cmd": "ls -A"]), .text("seen"),
      .respond([.gate(gate), .text("done")]),
    ])
    func made(_ number: Int) async throws {
      bench.work.write("make\(number)", "")
      _ = try await eventually("it is made") { bench.work.text(".vscode/tasks.json") == "x\n" ? true : nil }
    }
    _ = try await bench.harness.turn(bench.thread, "go")
    try await made(1)
    _ = try await bench.harness.turn(bench.thread, "and now?")
    #expect(bench.commands.count == 1 && !bench.output(1, request: 3).contains(".vscode"))
    let last = try await bench.harness.begin(bench.thread, "wait")
    try await made(2)
    gate.open()
    _ = await bench.harness.ended(last.id)
    #expect(!bench.work.exists(".vscode") && bench.commands.count == 1, "the command still runs")
    #expect(bench.harness.warnings.count { $0.contains(".vscode, which could run code") } == 2)
    bench.work.write("go", "")
    _ = try await eventually("it ends") { bench.commands.count == 2 ? true : nil }
  }

  @Test("S6: what the user agreed to, or took back, while a command runs is not taken for its work")
  func s6_agreedWhileItRuns() async throws {
    let bench = try await Workbench(
      [
        .call("exec_command", ["cmd": .string(Self.wait), "yield_time_ms": 250]),
        .call("write", ["path": "AGENTS.md", "content": "new\n"]),
        .call("write", ["path": ".vscode/tasks.json", "content": "{}\n"]), .text("done"),
      ], files: ["AGENTS.md": "old\n"])
    bench.answer(["decision": "accept"], ["decision": "accept"])
    _ = try await bench.harness.turn(bench.thread, "go")
    #expect(bench.work.text("AGENTS.md") == "new\n" && bench.work.text(".vscode/tasks.json") == "{}\n")
    let scope = StetRestoreScope(type: "files", paths: ["AGENTS.md"])
    let (agent, thread) = (bench.harness.agent, bench.thread)
    let plan: StetSnapshotRestoreResponse = try await bench.harness.call {
      agent.snapshotRestore(StetSnapshotRestoreParams(threadId: thread, scope: scope), reply: $0)
    }
    let _: StetSnapshotRestoreResponse = try await bench.harness.call {
      agent.snapshotRestore(
        StetSnapshotRestoreParams(threadId: thread, scope: scope, dryRun: false, planId: plan.planId),
        reply: $0)
    }
    bench.work.write("go", "")
    _ = try await eventually("the command ends") { bench.commands.first }
    #expect(bench.work.text("AGENTS.md") == "old\n" && bench.work.text(".vscode/tasks.json") == "{}\n")
    #expect(!bench.harness.warnings.contains { $0.contains("which could run code") })
  }

  @Test("S6: a workspace that can't be watched whole is told once")
  func s6_unwatched() async throws {
    let bench = try await Workbench([
      .call("exec_command", ["cmd": "echo 1"]), .call("exec_command", ["cmd": "echo 2"]), .text("done"),
    ])
    // A folder whose name is no text can't be searched, like those beyond the limit.
    #expect(
      mkdir(Array(bench.work.path("x").utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0], 0o755) == 0)
    try await bench.turn()
    #expect(bench.harness.warnings.count { $0.contains("are not watched") } == 1)
  }

  @Test("an interrupt while the user is asked: nothing runs, the item is closed")
  func interruptWhileAsked() async throws {
    let bench = try await Workbench([.call("exec_command", ["cmd": "touch made"])], approval: .untrusted)
    let turn = try await bench.harness.begin(bench.thread, "go")
    await bench.untilRequest()
    try await bench.harness.interrupt(bench.thread)
    #expect(await bench.harness.ended(turn.id).status == .interrupted)
    #expect(bench.commands.map(\.status) == [.failed] && !bench.work.exists("made"))
    bench.harness.checkInvariants()
  }
}
