import StetJSON
import StetTestSupport
import Testing

@testable import stet

/// Somebody who comes from another agent finds what they did there.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct ForeignSessionJourneys {
  private static let id = "5f0c7a3e-8d1b-4c55-9a51-0d6a3b1c2e4f"

  private func line(_ house: House, _ uuid: String, _ parent: String?, _ type: String, _ message: JSONValue)
    -> String
  {
    let line: JSONValue = [
      "type": .string(type), "uuid": .string(uuid), "parentUuid": parent.map(JSONValue.string) ?? .null,
      "sessionId": .string(Self.id), "cwd": .string(house.work.path), "version": "2.1.0",
      "isSidechain": false,
      "timestamp": "2026-11-22T19:50:02.000Z", "message": message,
    ]
    return line.text + "\n"
  }

  @Test(
    "issue 9: the picker offers a session of Claude Code, opens it as a thread, and leaves its file as it was"
  )
  func claude() async throws {
    let house = House([.text("I remember.")])
    let folder = String(house.work.path.map { $0.isLetter || $0.isNumber ? $0 : "-" })
    let file = ".claude/projects/\(folder)/\(Self.id).jsonl"
    house.home.makeDirectory(".claude/projects/\(folder)")
    let text =
      line(house, "u1", nil, "user", ["role": "user", "content": "mend the parser"])
      + line(
        house, "a1", "u1", "assistant",
        ["role": "assistant", "model": "m", "content": [["type": "text", "text": "The parser is mended."]]])
    house.home.write(file, text)
    house.home.write(".claude/projects/\(folder)/no-session.jsonl", "{\n")
    let app = house.open(.picker)
    try await app.expect("from Claude Code").expect("mend the parser")
    app.press(.enter)
    try await app.expect("The parser is mended.")
    try await app.say("go on").expect("I remember.")
    try await app.quit()
    #expect(house.home.text(file) == text)
    #expect(house.home.names(".claude/projects/\(folder)").count == 2)
    let sent = String(decoding: house.model.bodies.last ?? [], as: UTF8.self)
    #expect(sent.contains("mend the parser") && sent.contains("The parser is mended."))
  }
}
