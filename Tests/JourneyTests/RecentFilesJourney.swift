import FoundationEssentials
import StetTestSupport
import Testing

/// What `@` offers in the real program (U9).
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct RecentFilesJourney {
  @Test("U9: @ offers the files that were changed last first, and of equally good matches likewise")
  func u9_recent() async throws {
    let home = TempDirectory("journey-home")
    let work = TempDirectory("journey-work")
    for (age, name) in ["notes-b.txt", "zebra.txt", "notes-a.txt", "ancient.txt"].enumerated() {
      try Data("x".utf8).write(to: URL(filePath: work.path + "/" + name))
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000 - Double(age) * 1000)],
        ofItemAtPath: work.path + "/" + name)
    }
    let console = try Console(directory: work.path, environment: Program.environment(home: home))
    console.run("clear; stet; echo left=$?")
    try await console.expect("OPENAI_API_KEY")
    console.send("@")
    try await console.expect("all files, newest first") { screen in
      Self.offered(screen.rows) == ["notes-b.txt", "zebra.txt", "notes-a.txt", "ancient.txt"]
    }
    console.send("notes")
    try await console.expect("both that match, newest first") { screen in
      Self.offered(screen.rows) == ["notes-b.txt", "notes-a.txt"]
    }
    console.send("\u{3}")
    try await console.expect("Ask stet …")
    console.send("/quit\r")
    try await console.expect("left=0")
    await console.end()
  }

  /// The files in the list above the composer.
  private static func offered(_ rows: [String]) -> [String] {
    rows.filter { !$0.contains("┃") && !$0.contains("@ files") }.compactMap { row in
      row.firstIndex(of: "@").map { String(row[$0...].dropFirst().prefix { $0 != " " }) }
    }
  }
}
