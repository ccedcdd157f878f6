import Glibc
import StetJSON
import StetProcess
import StetTestSupport
import Testing

/// R7: many processes on one store at once, each the built program.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct ManyProcessesTests {
  private static let processes = 50

  @Test(
    "R7, R1: 50 processes write threads into one store at once; all are listed, and the index equals the logs"
  )
  func r7_fiftyProcesses() async throws {
    let home = TempDirectory("journey-home")
    let codex = TempDirectory("journey-codex")
    for number in 0..<Self.processes { codex.write("sessions/\(Self.name(number))", Self.rollout(number)) }
    // A common start: all of them wait for the file.
    let commands = (0..<Self.processes).map { number in
      "(while ! [ -e go ]; do sleep 0.05; done; stet sessions import '\(codex.path("sessions/\(Self.name(number))"))' "
        + ">out.\(number) 2>&1; echo $? >code.\(number)) &"
    }
    let result = try await run(home, (commands + ["touch go", "wait"]).joined(separator: "\n"))
    #expect(result.code, "\(result.output)")
    for number in 0..<Self.processes {
      #expect(home.text("code.\(number)") == "0\n", "\(home.text("out.\(number)") ?? "")")
    }
    let listed = try await run(home, "stet sessions list --json")
    let rows = try JSONValue(parsing: listed.output).arrayValue ?? []
    #expect(Set(rows.compactMap { $0["preview"]?.stringValue }).count == Self.processes)
    let reindexed = try await run(home, "stet doctor --reindex")
    #expect(reindexed.output.contains("\(Self.processes) threads and \(2 * Self.processes) searchable texts"))
    #expect(reindexed.output.contains("it was right already"), "\(reindexed.output)")
  }

  private func run(_ home: TempDirectory, _ script: String) async throws -> (code: Bool, output: String) {
    let result = try await ProcessSession.run(
      Command(
        argv: ["/bin/sh", "-c", script], cwd: home.path, environment: Program.environment(home: home)))
    return (result.status.isSuccess, String(decoding: result.output, as: UTF8.self))
  }

  private static func id(_ number: Int) -> String {
    "01a204ce-f651-7f91-ada5-0000000000" + (number < 10 ? "0\(number)" : "\(number)")
  }

  private static func name(_ number: Int) -> String { "rollout-2026-11-22T19-50-02-\(id(number)).jsonl" }

  private static func rollout(_ number: Int) -> String {
    let time = "2026-11-22T19:50:02.000Z"
    let meta =
      #"{"id":"\#(id(number))","timestamp":"\#(time)","cwd":"/w","source":"cli","model_provider":"openai"}"#
    return """
      {"timestamp":"\(time)","type":"session_meta","payload":\(meta)}
      {"timestamp":"\(time)","type":"event_msg","payload":{"type":"user_message","message":"question \(number)"}}
      {"timestamp":"\(time)","type":"event_msg","payload":{"type":"agent_message","message":"answer \(number)"}}

      """
  }
}
