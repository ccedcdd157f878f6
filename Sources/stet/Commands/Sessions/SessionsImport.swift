import ArgumentParser
import StetAgent
import StetNet

/// `stet sessions import`: threads of Codex and of Claude Code. Their files are read only.
struct SessionsImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Bring threads of Codex or Claude Code over; their own files stay as they are.")

  @Argument(
    help: "Rollouts of Codex (rollout-TIME-ID.jsonl), transcripts of Claude Code (UUID.jsonl).",
    completion: .file())
  var paths: [String] = []

  @Option(name: .long, help: "All threads of this Codex home.", completion: .directory)
  var codexHome: String?

  @Option(
    name: .long, help: "All sessions of this Claude Code home, such as ~/.claude.", completion: .directory)
  var claudeHome: String?

  func validate() throws {
    if paths.isEmpty == (codexHome == nil && claudeHome == nil) {
      throw ValidationError("Name files, or a --codex-home or a --claude-home.")
    }
  }

  func run() throws {
    let surroundings = try Surroundings()
    let http = HTTPClient()
    defer { http.shutdown() }
    let importer = ForeignThreads.importer(surroundings, http)
    var tally = Tally()
    do {
      if let codexHome {
        try importer.run(codexHome: try Surroundings(directory: codexHome).directory) { tally.take($0) }
      }
      if let claudeHome {
        try importer.run(claudeHome: try Surroundings(directory: claudeHome).directory) { tally.take($0) }
      }
      for path in paths {
        let whole = path.hasPrefix("/") ? path : surroundings.directory + "/" + path
        tally.take(try importer.runClaude(path: whole) ?? importer.run(path: whole))
      }
      for notice in try importer.finish() {
        StandardError.print("stet: \(PlainText.line(notice, limit: 400))")
      }
    } catch {
      StandardError.print("stet: \(error)")
      throw ExitCode.failure
    }
    print(tally.text)
    if tally.failed > 0, tally.imported == 0 { throw ExitCode.failure }
  }

  /// Tells of each thread and counts them.
  private struct Tally {
    var imported = 0
    var failed = 0

    mutating func take(_ report: CodexImport.Report) {
      if let refusal = report.refusal {
        failed += 1
        print("Skipped  \(report.threadId): \(PlainText.line(refusal, limit: 400))")
      } else {
        imported += 1
        print("Imported \(report.threadId): \(report.turns) turn\(report.turns == 1 ? "" : "s")")
        for what in report.skipped { print("         left out: \(PlainText.line(what, limit: 200))") }
      }
    }

    var text: String { "\(imported) imported, \(failed) skipped." }
  }
}
