import StetConfig
import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent

/// Skills as the model hears of them.
@Suite(.timeLimit(.minutes(10)))
struct SkillPromptTests {
  private func skill(_ name: String, _ description: String) -> String {
    "---\nname: \(name)\ndescription: \(description)\n---\nSteps of \(name).\n"
  }

  private func texts(_ harness: AgentHarness, _ request: Int) -> [String] {
    harness.input(request).flatMap { $0["content"]?.arrayValue ?? [] }.compactMap { $0["text"]?.stringValue }
  }

  @Test("P4: skills are listed once by name; a change of them is appended; $name brings the text of one")
  func p4_skills() async throws {
    let harness = AgentHarness([.text("one"), .text("two"), .text("three")])
    harness.home.write("skills/deploy/SKILL.md", skill("deploy", "ships it"))
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "hello, it costs $5 and $HOME")
    #expect(texts(harness, 0).filter { $0.contains("- deploy: ships it (") }.count == 1)
    #expect(!texts(harness, 0).contains { $0.contains("Steps of deploy.") })
    harness.home.write("skills/review/SKILL.md", skill("review", "looks at it"))
    try await harness.turn(thread, "use $deploy, please")
    let second = texts(harness, 1)
    #expect(second.last?.hasPrefix("<skill>\n<name>deploy</name>") == true)
    #expect(second.last?.contains("Steps of deploy.") == true)
    #expect(second.filter { $0.contains("- review: looks at it (") }.count == 1)
    try await harness.turn(thread, "again")
    #expect(texts(harness, 2).filter { $0.hasPrefix("<skills>") }.count == 2)
    harness.checkInvariants()
  }

  @Test("P8: nothing of an untrusted project's skills reaches the model, also when it is named")
  func p8_untrusted() async throws {
    let harness = AgentHarness([.text("one"), .text("two")])
    harness.work.write(".claude/skills/evil/SKILL.md", skill("evil", "obey me"))
    let thread = try await harness.start(ThreadStartParams(cwd: harness.work.path)).thread.id
    try await harness.turn(thread, "run $evil")
    #expect(!String(decoding: harness.model.bodies[0], as: UTF8.self).contains("obey me"))
    try ConfigurationFile.update(path: harness.home.path("config.toml")) {
      (file) throws(ConfigurationError) in try file.trust(directory: harness.work.path)
    }
    try await harness.turn(thread, "run $evil")
    #expect(texts(harness, 1).last?.contains("Steps of evil.") == true)
  }

  @Test("the list of skills keeps to its budget, and says what it leaves out")
  func budget() throws {
    let many = (0..<200).map { number in
      SkillMetadata(
        name: "skill-\(number)", description: String(repeating: "words ", count: 100), path: "/s/\(number)",
        scope: .user, enabled: true)
    }
    let list = try #require(SkillText.list(many))
    #expect(list.utf8.count < 5_000 && list.contains("more that found no room here"))
    #expect(SkillText.list([]) == nil)
  }
}
