import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent
@testable import StetProcess

/// What the user is asked about is what runs, to the byte.
@Suite(.timeLimit(.minutes(10))) struct ExactShownTests {
  static let nasty = [
    "plain", "it's", "a'\u{301}b", "\u{202E}gnihton", "\u{200B}\u{2066}", "tab\there", "\u{1B}[2K\r",
    "\u{7F}",
    "é e\u{301}", "x \\' \"y\" $z `w`", String(repeating: " ", count: 300) + "; echo gone",
    "\r\nnext", "''", "\u{FEFF}", "🏴\u{E0067}\u{E0062}",
  ]

  @Test("S10: the command of the question, read by a shell, is the argv of the process", arguments: nasty)
  func s10_shownIsRun(_ text: String) async throws {
    // The shell tells with which arguments it was started, then nothing more of the script is read.
    let script = "cat /proc/$$/cmdline\nexit\n\(text)"
    let bench = try await Workbench(
      [.call("exec_command", ["cmd": .string(script)]), .text("done")], approval: .untrusted)
    bench.answer(["decision": "accept"])
    try await bench.turn()
    let shown = try #require(bench.requests.first?["command"]?.stringValue)
    let argv = [ExecArguments.shell, "-c", script]
    let parsed = try await ProcessSession.run(
      Command(
        argv: ["/bin/sh", "-c", "printf '%s\\0' \(shown)"], cwd: "/", environment: ["LC_ALL": "C.UTF-8"]),
      outputLimit: 1 << 20, timeLimit: .seconds(300), grace: .zero)
    let words = parsed.output.split(separator: 0, omittingEmptySubsequences: false).dropLast()
    #expect(words.map(Array.init) == argv.map { Array($0.utf8) }, "\(shown)")
    let item = try #require(bench.commands.first)
    let run = (item.aggregatedOutput ?? "").utf8.split(separator: 0, omittingEmptySubsequences: false)
      .dropLast()
    #expect(run.map(Array.init) == argv.map { Array($0.utf8) })
    #expect(item.command.utf8.elementsEqual(shown.utf8))
  }

  @Test("S10: a NUL, at which a process would see less than was shown, is refused")
  func s10_nul() async throws {
    let bench = try await Workbench([.call("exec_command", ["cmd": "ls\u{0} ; rm x"]), .text("done")])
    try await bench.turn()
    #expect(bench.commands.isEmpty && bench.output().hasPrefix("The argument `cmd` holds a NUL."))
  }

  @Test("S10: the parts that need consent are bytes of the shown script, the rules on offer its words")
  func s10_parts() async throws {
    let script = "cd sub && git 'ädd' . | head -5"
    let bench = try await Workbench(
      [.call("exec_command", ["cmd": .string(script)]), .text("done")], approval: .untrusted)
    bench.harness.home.write(
      "rules/a.rules", "prefix_rule(pattern=[\"cd\"])\nprefix_rule(pattern=[\"head\"])\n")
    bench.answer(["decision": "decline"])
    try await bench.turn()
    let consent = try #require(bench.requests.first?["stet"]?["consent"])
    let parts = consent["parts"]?.arrayValue ?? []
    let marked = parts.compactMap { part -> String? in
      guard let start = part["start"]?.intValue, let end = part["end"]?.intValue else { return nil }
      return String(decoding: Array(script.utf8)[start..<end], as: UTF8.self)
    }
    #expect(marked == ["git 'ädd' ."])
    #expect(consent["rules"]?.arrayValue?.compactMap { $0["text"]?.stringValue } == ["git 'ädd' ."])
  }
}
