import StetJSON
import StetTestSupport
import Testing

@testable import StetAgent

/// Which sessions of other programs are offered in a directory.
@Suite struct ForeignOffersTests {
  private static let id = "5f0c7a3e-8d1b-4c55-9a51-0d6a3b1c2e4f"
  private static let other = "6f0c7a3e-8d1b-4c55-9a51-0d6a3b1c2e4f"

  let work = TempDirectory("work")
  let home = TempDirectory("home")

  private func look() -> (offers: [ForeignOffers.Offer], faults: [String]) {
    ForeignOffers(directory: RealPath.of(work.path), threadsDirectory: home.path("threads"))
      .find(codexHome: home.path("codex"), claudeHome: home.path("claude"))
  }

  private func codex(_ id: String, cwd: String, padding: Int = 0) {
    let lines: [JSONValue] = [
      [
        "type": "session_meta",
        "payload": [
          "id": .string(id), "cwd": .string(cwd),
          "base_instructions": .string(String(repeating: "x", count: padding)),
        ],
      ],
      ["type": "response_item", "payload": ["type": "message", "role": "user", "content": "<environment>"]],
      ["type": "event_msg", "payload": ["type": "user_message", "message": "mend the lexer"]],
    ]
    home.makeDirectory("codex/sessions/2026/11/22")
    home.write(
      "codex/sessions/2026/11/22/rollout-2026-11-22T19-50-02-\(id).jsonl",
      lines.map { $0.text + "\n" }.joined())
  }

  private func claude(_ lines: [JSONValue]) {
    let folder = String(RealPath.of(work.path).map { $0.isLetter || $0.isNumber ? $0 : "-" })
    home.makeDirectory("claude/projects/\(folder)")
    home.write("claude/projects/\(folder)/\(Self.id).jsonl", lines.map { $0.text + "\n" }.joined())
  }

  private var said: JSONValue {
    ["type": "user", "cwd": .string(work.path), "message": ["role": "user", "content": "mend the parser"]]
  }

  @Test(
    "R2: of Codex those of this directory are offered, however long their first line is",
    arguments: [0, 60_000])
  func r2_codex(padding: Int) {
    codex(Self.id, cwd: work.path, padding: padding)
    codex(Self.other, cwd: home.path, padding: padding)
    let found = look()
    #expect(found.offers.map(\.threadId) == [Self.id] && found.offers.first?.title == "mend the lexer")
    #expect(found.faults.isEmpty)
  }

  @Test("R2: what the user said first may stand far into a transcript, behind lines that name no directory")
  func r2_late() {
    let snapshot: JSONValue = [
      "type": "file-history-snapshot", "text": .string(String(repeating: "x", count: 9_000)),
    ]
    let answer: JSONValue = [
      "type": "assistant", "cwd": .string(work.path), "message": ["role": "assistant"],
    ]
    claude([snapshot, snapshot, answer, snapshot, snapshot, snapshot, said])
    #expect(look().offers.map(\.title) == ["mend the parser"])
  }

  @Test("R2: a home of Codex that can't be read hides no session of Claude Code, and is told of")
  func r2_oneUnreadable() throws {
    home.makeDirectory("codex/session_index.jsonl")
    claude([said])
    let found = look()
    #expect(found.offers.map(\.program) == ["Claude Code"])
    #expect(try #require(found.faults.first).hasPrefix("Sessions of Codex could not be listed: "))
    #expect(found.faults.count == 1)
  }

  @Test("R2: lines of a transcript beyond the limit belong to nothing and are counted")
  func r2_longTranscript() throws {
    let lines: [JSONValue] = (0..<5).map { index in
      [
        "type": "user", "uuid": .string("u\(index)"),
        "parentUuid": index == 0 ? .null : .string("u\(index - 1)"),
      ]
    }
    let path = home.write("long.jsonl", lines.map { $0.text + "\n" }.joined())
    let branch = try ClaudeBranch(path: path, lineLimit: 3)
    #expect(branch.beyond == 2 && lines.map(branch.holds) == [true, true, true, false, false])
    #expect(try ClaudeBranch(path: path).beyond == 0)
  }
}
