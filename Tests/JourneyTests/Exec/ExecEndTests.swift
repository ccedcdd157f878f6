import Glibc
import StetJSON
import StetProcess
import StetTestSupport
import Testing

/// How a run ends: what it closes, what it says and its exit code.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct ExecEndTests {
  @Test("X2: a command that is still running at the end is closed as aborted before the turn is")
  func x2_openItem() async throws {
    let house = ExecHouse(
      .call("exec_command", ["cmd": "exec sleep 600", "yield_time_ms": 250]), .text("it runs"))
    let run = try await house.exec("--json", "-s", "danger-full-access", "go")
    #expect(run.code == 0)
    #expect(try run.items("command_execution").map { $0["status"] } == ["aborted"])
    #expect(try run.names.suffix(2) == ["item.completed", "turn.completed"])
  }

  @Test("X2: no line is longer than 256 KB; what was cut is whole in a file")
  func x2_longOutput() async throws {
    let house = ExecHouse(.text(String(repeating: "0123456789 lines\n", count: 40_000), chunk: 60_000))
    let run = try await house.exec("--json", "go")
    #expect(run.code == 0)
    #expect(run.output.split(separator: "\n").allSatisfy { $0.utf8.count < 256_000 })
    let text = try #require(try run.items("agent_message").first?["text"]?.stringValue)
    let path = try #require(text.split(separator: " ").first { $0.hasPrefix(house.house.home.path) })
    let kept = String(path.dropFirst(house.house.home.path.count + 1))
    #expect(house.house.home.bytes(kept)?.count == 17 * 40_000)
  }

  @Test("X3: SIGINT interrupts the turn, closes what is open and exits with 130; the thread goes on")
  func x3_interrupt() async throws {
    let gate = Gate()
    let house = ExecHouse(.respond([.gate(gate), .text("never")]), .text("on"))
    defer { gate.open() }
    let session = try house.start(["--json", "go"])
    await gate.reached()
    kill(session.pid, SIGINT)
    let run = try await house.result(of: session)
    #expect(run.code == 130)
    #expect(try run.events.last == ["type": "turn.failed", "error": ["message": "interrupted"]])
    let thread = try #require(try run.events.first?["thread_id"]?.stringValue)
    let next = try await house.exec("--json", "resume", thread, "go on")
    #expect(next.code == 0)
    #expect(try next.items("agent_message").map { $0["text"] } == ["on"])
  }

  @Test("X3: SIGTERM ends a command and its children, too, and exits with 143")
  func x3_terminate() async throws {
    let house = ExecHouse(
      .call("exec_command", ["cmd": "echo $$ >pid; exec sleep 600", "yield_time_ms": 30_000]))
    let session = try house.start(["--json", "-s", "danger-full-access", "go"])
    let command = try await pid(in: house.work)
    kill(session.pid, SIGTERM)
    let run = try await house.result(of: session)
    #expect(run.code == 143)
    #expect(kill(command, 0) == -1)
    let started = try run.items("command_execution", "item.started").count
    #expect(try started == run.items("command_execution").count)
  }

  /// A command tells that it runs by a file; nothing else does.
  private func pid(in folder: TempDirectory) async throws -> pid_t {
    try await eventually("the command told its process") {
      guard let text = folder.text("pid"), text.hasSuffix("\n") else { return nil }
      return pid_t(text.dropLast())
    }
  }

  @Test("X3: the time limit interrupts the turn and exits with 124")
  func x3_timeLimit() async throws {
    let gate = Gate()
    let house = ExecHouse(.respond([.gate(gate), .text("never")]))
    defer { gate.open() }
    let run = try await house.exec("--json", "--timeout", "0.3", "go")
    #expect(run.code == 124)
    // A slow machine may not have come to the turn yet.
    #expect(try ["turn.failed", "error"].contains(run.names.last))
    #expect(run.output.contains("the time limit was reached"))
  }

  @Test(
    "X3: what needs an approval under never is refused, told and exits with 3",
    arguments: ["--json", "--ephemeral"])
  func x3_refused(_ option: String) async throws {
    let house = ExecHouse(
      .call(
        "exec_command",
        [
          "cmd": "make install", "sandbox_permissions": "require_escalated",
          "justification": "it writes /usr",
        ]),
      .text("could not"))
    let run = try await house.exec(option, "go")
    #expect(run.code == 3)
    #expect((run.log + run.output).contains("make install: it writes /usr"))
    #expect(run.output.contains("could not"))
  }

  @Test("X3: a policy that asks is answered at once with no, and the model reads why")
  func x3_declined() async throws {
    let house = ExecHouse(.call("exec_command", ["cmd": "ls"]), .text("could not"))
    let run = try await house.exec("--json", "--ask-for-approval", "untrusted", "go")
    #expect(run.code == 3)
    #expect(try run.items("command_execution").map { $0["status"] } == ["declined"])
    #expect(house.model.requests.last?.text.contains("runs without a user") == true)
  }

  @Test(
    "X3: wrong usage exits with 2 and says what is wrong",
    arguments: [
      (["--jsno", "x"], "json"), (["--output-schema", "missing.json", "x"], "missing.json"),
      (["--image", "missing.png", "x"], "missing.png"), (["resume", "x", "y", "z"], "Quote the prompt"),
      (["resume"], "--last"), (["--full-auto", "--sandbox", "read-only", "x"], "contradict"),
      (["--cd", "missing", "x"], "missing"), (["-o", "missing/answer", "x"], "missing/answer"),
      ([], "no prompt"), (["  "], "no prompt"), (["--timeout", "0", "x"], "--timeout"),
    ])
  func x3_usage(_ arguments: [String], _ word: String) async throws {
    let house = ExecHouse()
    let run = try await house.result(of: house.start(arguments))
    #expect(run.code == 2)
    #expect(run.log.contains(word))
    #expect(run.output.isEmpty)
    #expect(house.model.requests.isEmpty)
  }

  @Test("X3: the time limit ends a run whose output nobody takes")
  func x3_blockedOutput() async throws {
    // More than a pipe holds, in one line.
    let house = ExecHouse(.text(String(repeating: "0123456789 ", count: 18_000), chunk: 60_000))
    let script = """
      { '\(Program.folder)/stet' exec --json --timeout 5 go 2>log; echo $? >code; } | sleep 600
      """
    let session = try ProcessSession.start(
      Command(
        argv: ["/bin/sh", "-c", script], cwd: house.work.path,
        environment: Program.environment(home: house.house.home)))
    let code = try await eventually("the run has ended") {
      house.work.text("code").flatMap { $0.hasSuffix("\n") ? $0 : nil }
    }
    #expect(code == "124\n")
    await session.terminate()
    _ = await session.waitForExit()
  }

  @Test("X3: a reader of standard output that goes away ends the turn, not the thread")
  func x3_brokenPipe() async throws {
    let gate = Gate()
    let house = ExecHouse(.respond([.gate(gate), .text("late")]), .text("on"))
    let script = "'\(Program.folder)/stet' exec --json go 2>log | head -n 1 >first; wait"
    let session = try ProcessSession.start(
      Command(
        argv: ["/bin/sh", "-c", script], cwd: house.work.path,
        environment: Program.environment(home: house.house.home)))
    _ = await session.waitForExit()
    gate.open()
    let first = try JSONValue(parsing: try #require(house.work.text("first")))
    let thread = try #require(first["thread_id"]?.stringValue)
    let next = try await house.exec("--json", "resume", thread, "go on")
    #expect(next.code == 0)
  }
}
