import FoundationEssentials
import StetProcess
import StetTestSupport
import Testing

/// Output that can't be written is told, and the exit code says so: a script must not take half an answer for one.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct FullDiskTests {
  private func run(_ house: ExecHouse, _ command: String) async throws -> (code: Int32?, log: String) {
    let session = try ProcessSession.start(
      Command(
        argv: ["/bin/sh", "-c", command], cwd: house.work.path,
        environment: Program.environment(home: house.house.home), stdin: .null, errors: .separate))
    let run = try await house.result(of: session)
    return (run.code, run.log)
  }

  @Test(
    "a full disk under standard output is told with exit code 1, by exec and by all that prints",
    arguments: [
      "exec go", "exec --json go", "sessions list", "sessions list --json", "sessions show --last",
      "sessions export --last",
      "sessions export --last -f json", "sessions search answer",
    ])
  func standardOutput(arguments: String) async throws {
    let house = ExecHouse(.text("an answer"), .text("another answer"))
    #expect(try await house.exec("first").code == 0)
    let run = try await run(house, "stet \(arguments) > /dev/full")
    #expect(run.code == 1, "\(arguments): \(run.log)")
    #expect(run.log.contains("No space left on device"), "\(arguments): \(run.log)")
  }

  @Test("a full disk under the file of -o, or of an export, is told with exit code 1; nothing half is left")
  func files() async throws {
    let house = ExecHouse(.text("an answer"))
    let answer = try await run(house, "stet exec -o /dev/full go")
    #expect(answer.code == 1 && answer.log.contains("/dev/full: No space left on device"), "\(answer.log)")
    let there = try await run(house, "stet sessions export --last -o /dev/full")
    #expect(there.code == 1 && there.log.contains("File exists"))
  }
}
