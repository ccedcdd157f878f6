import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// `exec_command` as clients and the model see it: real shells in the real sandbox.
@Suite(.timeLimit(.minutes(10)))
struct ExecTests {
  @Test("a command without approval: started, deltas, completed; the output is the model's")
  func runs() async throws {
    let bench = try await Workbench([
      .call("exec_command", ["cmd": "echo out; echo err >&2; pwd"]), .text("done"),
    ])
    try await bench.turn()
    // The output may come in several pieces.
    let flow = bench.flow.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
    #expect(
      flow == [
        "status active", "started commandExecution", "item/commandExecution/outputDelta",
        "completed commandExecution", "status idle", "turn/completed completed",
      ])
    let command = try #require(bench.commands.first)
    #expect(command.status == .completed && command.exitCode == 0)
    #expect(command.aggregatedOutput == "out\nerr\n\(bench.work.path)\n")
    #expect(bench.deltas == command.aggregatedOutput)
    #expect(command.command == "/bin/bash -c 'echo out; echo err >&2; pwd'")
    #expect(command.cwd == bench.work.path && command.processId != nil)
    #expect(command.source == .unifiedExecStartup && command.durationMs != nil)
    #expect(bench.output().contains("Process exited with code 0\nOutput:\nout\nerr\n"))
    #expect(bench.requests.isEmpty)
  }

  @Test("a failing command is failed, with its code; the turn goes on")
  func nonZeroExit() async throws {
    let bench = try await Workbench([.call("exec_command", ["cmd": "echo no; exit 3"]), .text("done")])
    let turn = try await bench.turn()
    #expect(turn.status == .completed)
    #expect(bench.commands.map(\.status) == [.failed] && bench.commands[0].exitCode == 3)
    #expect(bench.output().contains("Process exited with code 3"))
  }

  private static let badArguments: [(JSONValue, String)] = [
    (["cmd": "ls", "workdir": "nowhere"], "nowhere does not exist"),
    (["command": "ls"], "The argument `cmd` is missing; given: command."),
    (["cmd": ["ls"]], "The argument `cmd` must be a string."),
    (["cmd": " "], "The argument `cmd` is empty."), (["cmd": "a\u{0}b"], "holds a NUL"),
    (["cmd": "ls", "tty": "maybe"], "must be true or false"), (.array([]), "no JSON object"),
  ]

  @Test(
    "T11: bad arguments and a missing directory make no item",
    arguments: badArguments)
  func t11_badArguments(_ arguments: JSONValue, _ cause: String) async throws {
    let bench = try await Workbench([.call("exec_command", arguments), .text("done")])
    try await bench.turn()
    #expect(bench.output().contains(cause))
    #expect(bench.output().split(separator: "\n").count == 2, "a line of cause, a line of what to do")
    #expect(bench.flow == ["status active", "status idle", "turn/completed completed"])
  }

  @Test("unknown arguments are no reason to fail; numbers may be strings")
  func unknownArguments() async throws {
    let bench = try await Workbench(
      [
        .call(
          "exec_command", ["cmd": "echo hi", "yield_time_ms": "9000", "colour": "red", "workdir": "sub/.."]),
        .text("done"),
      ], files: ["sub/x": ""])
    try await bench.turn()
    #expect(bench.output().contains("hi"))
    #expect(bench.commands.first?.cwd == bench.work.path)
  }

  @Test("S8: a command sees no key, no token and not the provider's key")
  func s8_environment() async throws {
    let bench = try await Workbench(
      [.call("exec_command", ["cmd": "env"]), .text("done")],
      environment: [
        "OPENAI_API_KEY": "sk-1", "AWS_SECRET_ACCESS_KEY": "aws-1", "GH_TOKEN": "gh-1", "DB_PASSWORD": "pw-1",
        "RANDOM_THING": "thing-1", "CC": "clang",
      ])
    try await bench.turn()
    let output = bench.output()
    for secret in ["sk-1", "aws-1", "gh-1", "pw-1", "thing-1"] { #expect(!output.contains(secret)) }
    for kept in ["CC=clang", "PATH=/", "HOME=\(bench.userHome.path)", "NO_COLOR=1", "PAGER=cat"] {
      #expect(output.contains(kept))
    }
  }

  @Test("the sandbox keeps a command from writing outside, and says so to the model")
  func sandboxDenies() async throws {
    let outside = TempDirectory("outside", in: Workbench.build)
    let bench = try await Workbench([
      .calls(
        ("exec_command", ["cmd": "echo in > inside.txt"]),
        ("exec_command", ["cmd": .string("echo out > \(outside.path)/out.txt")])), .text("done"),
    ])
    try await bench.turn()
    #expect(bench.work.text("inside.txt") == "in\n")
    #expect(!outside.exists("out.txt"))
    #expect(bench.output(1).contains("It ran in the sandbox"))
    #expect(!bench.output(0).contains("It ran in the sandbox"))
    #expect(Set(bench.commands.map(\.status)) == [.completed, .failed])
    #expect(bench.requests.isEmpty, "a refusal of the kernel is no question")
  }

  @Test("the read-only sandbox keeps the workspace too")
  func readOnly() async throws {
    let bench = try await Workbench(
      [.call("exec_command", ["cmd": "cat a.txt && echo new > a.txt"]), .text("done")],
      files: ["a.txt": "old\n"], sandbox: .readOnly)
    try await bench.turn()
    #expect(bench.work.text("a.txt") == "old\n")
    #expect(bench.output().contains("old\n"))
  }

  @Test("S7: secrets of the home directory can't be read by a command")
  func s7_secretsHidden() async throws {
    let bench = try await Workbench([
      .call("exec_command", ["cmd": "cat ~/.ssh/id_ed25519; cat ~/plain"]), .text("done"),
    ])
    bench.userHome.write(".ssh/id_ed25519", "PRIVATE")
    bench.userHome.write("plain", "PLAIN")
    try await bench.turn()
    #expect(!bench.output().contains("PRIVATE") && bench.output().contains("PLAIN"))
  }

  @Test("T8: what was written last is shown while the command goes on, not when it ends")
  func t8_liveOutput() async throws {
    let bench = try await Workbench([
      .call("exec_command", ["cmd": "echo a; echo b; echo c; until [ -e go ]; do sleep 0.02; done; echo d"]),
      .text("done"),
    ])
    let turn = try await bench.harness.begin(bench.thread, "go")
    await bench.untilDelta("c\n")
    #expect(bench.commands.isEmpty)
    bench.work.write("go", "")
    _ = await bench.harness.ended(turn.id)
    #expect(bench.deltas == "a\nb\nc\nd\n")
  }

  @Test("T8: a command has no input and no terminal, unless it asks for one")
  func t8_terminal() async throws {
    let bench = try await Workbench([
      .calls(
        ("exec_command", ["cmd": "cat; test -t 1 || echo no terminal"]),
        ("exec_command", ["cmd": "test -t 0 && test -t 1 && tty && echo terminal", "tty": true])),
      .text("done"),
    ])
    try await bench.turn()
    #expect(bench.output(0).contains("no terminal"))
    #expect(bench.output(1).contains("terminal"))
  }

  @Test("T9: colours are for the user, not for the model")
  func t9_colours() async throws {
    let bench = try await Workbench([
      .call("exec_command", ["cmd": #"printf '\033[31mred\033[0m\n10%%\r99%%\n\377'"#]), .text("done"),
    ])
    try await bench.turn()
    #expect(bench.output().hasSuffix("red\n99%\n\u{FFFD}"))
    #expect(bench.deltas.contains("\u{1B}[31mred"))
  }

  @Test("C8: 3 MB of output: bounded, the real ends, and the whole of it in a file that is named")
  func c8_longOutput() async throws {
    let bench = try await Workbench([
      .call("exec_command", ["cmd": "seq 1 450000"]), .text("done"),
    ])
    try await bench.turn()
    let output = bench.output()
    #expect(output.utf8.count < 10_800)
    #expect(output.contains("Output:\n1\n2\n3\n") && output.hasSuffix("450000\n"))
    #expect(output.contains("of 3038895 bytes cut (450000 lines in all)"))
    let name = try #require(output.split(separator: " ").first { $0.contains("/outputs/") }).dropLast()
    let file = name.dropFirst(bench.harness.home.path.count + 1)
    let whole = try #require(bench.harness.home.text(String(file)))
    #expect(whole == (1...450_000).map { "\($0)\n" }.joined())
    let item = try #require(bench.commands.first?.aggregatedOutput)
    #expect(item.hasPrefix("1\n2\n") && item.hasSuffix("450000\n") && item.utf8.count < 1_100_000)
    let deltas = bench.sink.notifications.filter {
      if case .commandExecutionOutputDelta = $0 { true } else { false }
    }
    #expect(!deltas.isEmpty && bench.deltas.hasSuffix("450000\n"))
  }

  @Test("C8: max_output_tokens cuts shorter, and raises the limit to what it may be")
  func c8_outputTokens() async throws {
    let bench = try await Workbench([
      .calls(
        ("exec_command", ["cmd": "seq 1 1000", "max_output_tokens": 100]),
        ("exec_command", ["cmd": "seq 1 5000", "max_output_tokens": 9000])), .text("done"),
    ])
    try await bench.turn()
    #expect(bench.output(0).utf8.count < 900 && bench.output(0).contains("/outputs/"))
    #expect(bench.output(1).hasSuffix("\n2500\n2501\n" + (2502...5000).map { "\($0)\n" }.joined()))
  }

  @Test("T10: commands have the login shell's variables, taken once a thread, and nothing of its noise")
  func t10_loginShell() async throws {
    let bench = try await Workbench([
      .call("exec_command", ["cmd": "echo got $GOPATH"]),
      .call("exec_command", ["cmd": "echo again $GOPATH"]),
      .text("done"),
    ])
    bench.userHome.write(
      ".profile", "echo NOISE; echo NOISE >&2; echo read >> \"$HOME/times\"; export GOPATH=/from/profile\n")
    try await bench.turn()
    #expect(bench.output().hasSuffix("Output:\ngot /from/profile\n"), "\(bench.output())")
    #expect(bench.output(1, request: 2).hasSuffix("Output:\nagain /from/profile\n"))
    #expect(bench.userHome.text("times") == "read\n")
  }

  @Test("S8: what [shell_environment_policy] lists reaches a command; the provider's key never does")
  func s8_configured() async throws {
    let bench = try await Workbench(
      [.call("exec_command", ["cmd": "env"]), .text("done")],
      environment: ["GH_TOKEN": "gh-12345", "OTHER_TOKEN": "x-12345", "MINE": "1"],
      settings:
        "[shell_environment_policy]\ninherit = \"all\"\nset = { ADDED = \"yes\" }\nignore_default_excludes = true\nexclude = [\"OTHER*\"]\n"
    )
    try await bench.turn()
    let lines = Set(bench.output().split(separator: "\n"))
    #expect(lines.isSuperset(of: ["GH_TOKEN=gh-12345", "MINE=1", "ADDED=yes"]), "\(lines)")
    #expect(!bench.output().contains("x-12345"))
  }

  @Test("T8: 50 MB of output: the command completes, its end is right, the whole of it is in the file")
  func t8_hugeOutput() async throws {
    let bench = try await Workbench([
      .call(
        "exec_command",
        ["cmd": "head -c 52428790 /dev/zero | tr '\\0' a; echo; echo end", "yield_time_ms": 30_000]),
      .text("done"),
    ])
    // A busy machine may let it go on behind the turn: its item is then completed later.
    _ = try await bench.harness.turn(bench.thread, "go")
    let item = try await eventually("the command completed") { bench.commands.first }
    #expect(bench.commands.count == 1 && item.status == .completed)
    #expect(item.aggregatedOutput?.hasSuffix("\nend\n") == true)
    #expect((item.aggregatedOutput?.utf8.count ?? 0) < 1_100_000 && bench.output().utf8.count < 10_800)
    let file = "outputs/\(bench.thread)/\(item.id).txt"
    #expect(bench.output().contains(file) || bench.output().contains("running with session"))
    #expect(bench.harness.home.bytes(file)?.count == 52_428_795)
    // At most 20 a second, however slow the machine is.
    let deltas = bench.sink.notifications.count {
      if case .commandExecutionOutputDelta = $0 { true } else { false }
    }
    #expect(deltas <= Int(item.durationMs ?? 0) / 50 + 2, "\(deltas) in \(item.durationMs ?? 0) ms")
  }
}
