import Glibc
import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent

/// Words that were allowed to leave the sandbox, and a program of the sandbox's in the place of the one they name.
@Suite(.timeLimit(.minutes(10))) struct PlantedProgramTests {
  private static let escalated: JSONValue = [
    "cmd": "git --version", "sandbox_permissions": "require_escalated", "justification": "Outside?",
  ]

  private func bench(_ script: [FakeModel.Step], approval: AskForApproval = .onRequest) async throws
    -> Workbench
  {
    let bench = try await Workbench(script + [.text("done")], approval: approval)
    bench.harness.home.write(
      "rules/own.rules", "prefix_rule(pattern=[\"git\", \"--version\"], extent=\"exact\", sandbox=\"off\")\n")
    bench.userHome.write(".profile", "export PATH='\(bench.work.path)/bin':$PATH\n")
    return bench
  }

  @Test("S1: a rule to leave the sandbox does not run a program that a command inside put in its place")
  func s1_planted() async throws {
    let plant = "mkdir -p bin; printf '#!/bin/sh\\necho EVIL\\n' > bin/git; chmod +x bin/git"
    let bench = try await bench([
      .call("exec_command", Self.escalated), .call("exec_command", ["cmd": .string(plant)]),
      .call("exec_command", Self.escalated),
    ])
    bench.answer(["decision": "decline"])
    try await bench.turn()
    #expect(bench.output(0, request: 3).contains("git version"), "the rule holds while git is git")
    #expect(bench.requests.count == 1)
    let reason = bench.requests.first?["reason"]?.stringValue ?? ""
    #expect(reason.contains("\(bench.work.path)/bin/git, which commands in the sandbox can write"))
    #expect(bench.commands.map(\.status) == [.completed, .completed, .declined])
  }

  @Test("S1: where nobody may be asked it does not run at all")
  func s1_never() async throws {
    let bench = try await bench([.call("exec_command", Self.escalated)], approval: .never)
    bench.work.write("bin/git", "#!/bin/sh\necho EVIL\n", mode: 0o755)
    try await bench.turn()
    #expect(
      bench.output().contains("It would run \(bench.work.path)/bin/git") && !bench.output().contains("EVIL"))
    #expect(bench.commands.isEmpty && bench.requests.isEmpty)
  }

  @Test("S1: what PATH names relative to a directory may be anything")
  func s1_relativePath() {
    func found(_ path: String?, _ script: String = "ls && rg x | /bin/cat") -> [String] {
      PlantedPrograms.found(in: ShellScript(script), path: path, below: ["/w"])
    }
    #expect(found("/usr/bin:/bin:.") == ["./rg"] || access("/usr/bin/rg", X_OK) == 0)
    #expect(found(".:/usr/bin", "ls") == ["./ls"] && found(":/usr/bin", "ls") == ["./ls"])
    #expect(found("/usr/bin:bin", "ls").isEmpty && found(nil, "ls") == ["./ls"])
  }
}
