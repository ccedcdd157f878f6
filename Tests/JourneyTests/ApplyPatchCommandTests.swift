import Glibc
import StetProcess
import StetTestSupport
import Testing

/// `stet debug apply-patch` as the real program: what scripts run.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct ApplyPatchCommandTests {
  private let home = TempDirectory("patch-home")
  private let work = TempDirectory("patch-work")

  private func apply(_ lines: String...) async throws -> ProcessResult {
    let command = Command(
      argv: [Program.folder + "/stet", "debug", "apply-patch"], cwd: work.path,
      environment: Program.environment(home: home), stdin: .pipe, errors: .separate)
    return try await ProcessSession.run(
      command, input: Array((["*** Begin Patch"] + lines + ["*** End Patch\n"]).joined(separator: "\n").utf8))
  }

  @Test("T4: a patch from standard input is applied in this directory, and each file is told")
  func t4_applies() async throws {
    work.write("a.txt", "one\ntwo\n")
    work.write("gone.txt", "x\n")
    let result = try await apply(
      "*** Update File: a.txt", "@@", " one", "-two", "+TWO", "*** Add File: sub/new.txt", "+n",
      "*** Delete File: gone.txt")
    #expect(result.status.isSuccess)
    let told = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
    #expect(told.first == "Success. Updated the following files:")
    #expect(told.dropFirst().sorted() == ["A sub/new.txt", "D gone.txt", "M a.txt"])
    #expect(
      work.text("a.txt") == "one\nTWO\n" && work.text("sub/new.txt") == "n\n" && !work.exists("gone.txt"))
  }

  @Test("T4: a patch of which one file does not fit writes none, and says why on standard error")
  func t4_allOrNothing() async throws {
    work.write("a.txt", "one\ntwo\n")
    let result = try await apply(
      "*** Add File: new.txt", "+n", "*** Update File: a.txt", "@@", "-nowhere", "+x")
    #expect(result.status.code == 1 && result.output.isEmpty)
    #expect(String(decoding: result.errorOutput, as: UTF8.self).contains("a.txt"))
    #expect(!work.exists("new.txt") && work.text("a.txt") == "one\ntwo\n")
  }
}
