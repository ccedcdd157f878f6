import StetJSON
import StetStore

/// Transcripts of Claude Code, brought over as rollouts of Codex are.
extension CodexImport {
  /// All sessions of a Claude Code home (`~/.claude`), `report` being told of each.
  public func run(claudeHome: String, report: (Report) -> Void) throws(StoreError) {
    for file in try ClaudeFiles.all(home: claudeHome) { report(runClaude(file)) }
  }

  /// One transcript; nil for a file that is not named like one (UUID.jsonl).
  public func runClaude(path: String) -> Report? { ClaudeFiles.file(path).map(runClaude) }

  private func runClaude(_ file: CodexFiles.File) -> Report {
    run(file, name: nil) { () throws(StoreError) in
      let branch = try ClaudeBranch(path: file.path)
      var transcript = ClaudeTranscript(threadId: file.threadId)
      let broken = try JSONLinesFile(path: file.path).read { (line, _) throws(StoreError) in
        if branch.holds(line) { transcript.add(line) }
        return true
      }
      transcript.skip("damaged lines", broken)
      transcript.skip("lines beyond the first \(ClaudeBranch.lineLimit)", branch.beyond)
      return transcript.finished()
    }
  }
}
