import Glibc
import StetProcess
import StetTestSupport
import Testing

/// What users of other diff viewers complained of (review.md A3), with the real git.
@Suite("review.md A3: complaints about diffs in git", .fewAtOnce, .timeLimit(.minutes(10)))
struct DiffComplaintTests {
  private let home = TempDirectory("complaint-home")
  private let work = TempDirectory("complaint-work")
  private static let before = (0..<40).map { "line \($0)\n" }.joined()

  private func run(_ argv: [String], input: String? = nil, _ more: [String: String] = [:]) async throws
    -> ProcessResult
  {
    let own = Program.environment(home: home, more)
    return try await ProcessSession.run(
      Command(
        argv: argv, cwd: work.path, environment: own, stdin: input == nil ? .null : .pipe, errors: .separate),
      input: Array((input ?? "").utf8))
  }

  @Test("delta#274, delta#320, delta#580, difftastic#806: as the filter of git add -p it stays line for line")
  func addPatch() async throws {
    let repository = try TempRepository(in: work)
    work.write("a.txt", Self.before)
    try repository.commitAll()
    work.write(
      "a.txt", Self.before.replacing("line 3\n", with: "three\r\n").replacing("line 30\n", with: "thirty\n"))
    let done = try await run(
      ["git", "-c", "color.ui=always", "-c", "interactive.diffFilter=stet diff", "add", "-p"], input: "n\ny\n"
    )
    #expect(done.status.isSuccess, "\(String(decoding: done.errorOutput, as: UTF8.self))")
    #expect(!String(decoding: done.errorOutput, as: UTF8.self).contains("mismatched output"))
    #expect(try repository.git("show", ":a.txt") == Self.before.replacing("line 30\n", with: "thirty\n"))
  }

  @Test(
    "difftastic#838, #793: what it says of two files is a patch that git takes, and a patch alone is enough")
  func patch() async throws {
    let repository = try TempRepository(in: work)
    work.write("a.txt", Self.before)
    try repository.commitAll()
    let after = Self.before.replacing("line 3\n", with: "three\r\n") + "no end"
    work.write("b.txt", after)
    let made = try await run(["stet", "diff", "a.txt", "b.txt"])
    work.write("made.patch", bytes: made.output)
    try repository.git("apply", "-p0", "--include=b.txt", "--check", "-R", "made.patch")
    work.write("b.txt", Self.before)
    try repository.git("apply", "-p0", "made.patch")
    #expect(work.text("b.txt") == after)
    // The files themselves are gone by now: the patch is read, and goes on as it came.
    let read = try await run(["stet", "diff"], input: String(decoding: made.output, as: UTF8.self))
    #expect(read.output == made.output)
  }

  @Test("hunk#738: no process for each file, also of files that git does not know")
  func processes() async throws {
    let repository = try TempRepository(in: work)
    for number in 0..<200 { work.write("f\(number).txt", "old\n") }
    try repository.commitAll()
    for number in 0..<200 {
      work.write("f\(number).txt", "new\n")
      work.write("untracked/u\(number).txt", "x\n")
    }
    home.write(
      "bin/git", "#!/bin/sh\necho run >> '\(home.path("runs"))'\nexec /usr/bin/git \"$@\"\n", mode: 0o755)
    let path = "\(home.path("bin")):\(Program.folder):/usr/bin:/bin"
    let done = try await run(["stet", "diff", "--head"], ["PATH": path])
    #expect(String(decoding: done.output, as: UTF8.self).split(separator: "\n").count { $0 == "+new" } == 200)
    let runs = home.text("runs")?.split(separator: "\n").count ?? 0
    #expect((1...4).contains(runs), "\(runs)")
  }

  @Test("hunk#977: a patch of many megabytes goes through byte for byte")
  func large() async throws {
    let line = "+" + String(repeating: "x", count: 99) + "\n"
    let many = "--- a\n+++ b\n@@ -0,0 +1,80000 @@\n" + String(repeating: line, count: 80_000)
    work.write("many.patch", many)
    let done = try await run(["sh", "-c", "stet diff < many.patch | cmp - many.patch && echo same"])
    #expect(String(decoding: done.output, as: UTF8.self) == "same\n")
  }
}
