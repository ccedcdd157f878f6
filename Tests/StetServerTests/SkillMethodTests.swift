import Glibc
import StetJSON
import StetProtocol
import Testing

/// `skills/list` and `skills/config/write` over real folders.
@Suite struct SkillMethodTests {
  let house = RealServer(environment: ["HOME": "/nonexistent"])

  private func skill(_ name: String, _ more: String = "") -> String {
    "---\nname: \(name)\ndescription: does a thing\n\(more)---\nbody\n"
  }

  private func list(_ client: TestClient) async throws -> JSONValue {
    try #require(try await client.call("skills/list", ["cwds": [.string(house.work.path)]])["data"]?[0])
  }

  private func trust() {
    house.home.write("config.toml", "[projects.\"\(house.work.path)\"]\ntrust_level = \"trusted\"\n")
  }

  @Test("the project's and the user's skills, with what could not be read")
  func scopes() async throws {
    trust()
    house.work.makeDirectory(".git")
    house.work.write(
      ".agents/skills/one/SKILL.md", skill("one", "metadata:\n  short-description: \"brief: one\"\n"))
    house.work.write(".codex/skills/deep/er/SKILL.md", "---\ndescription: >\n  folded\n  text\n---\n")
    house.work.write(".agents/skills/bad/SKILL.md", "no front matter")
    house.work.write(".agents/skills/worse/SKILL.md", "---\nname: x\n---\n")
    house.home.write("skills/mine/SKILL.md", skill("mine"))
    let client = try await house.client()
    let found = try await list(client)
    #expect(found["cwd"] == .string(house.work.path))
    let skills = found["skills"]?.arrayValue ?? []
    #expect(skills.map { $0["name"] } == ["one", "er", "mine"])
    #expect(skills.map { $0["scope"] } == ["repo", "repo", "user"])
    #expect(skills.map { $0["description"] } == ["does a thing", "folded text", "does a thing"])
    #expect(skills[0]["shortDescription"] == "brief: one" && skills[0]["enabled"] == true)
    #expect(skills[0]["path"] == .string(house.work.path(".agents/skills/one/SKILL.md")))
    #expect(
      found["errors"]?.arrayValue?.compactMap { $0["message"] } == [
        "missing YAML frontmatter delimited by ---", "missing field `description`",
      ])
  }

  @Test("S14: skills of a project that the user did not trust are shown but not enabled")
  func s14_untrusted() async throws {
    house.work.write(".agents/skills/one/SKILL.md", skill("one"))
    let client = try await house.client()
    #expect(try await list(client)["skills"]?[0]?["enabled"] == false)
    trust()
    #expect(try await list(client)["skills"]?[0]?["enabled"] == true)
  }

  @Test("links in circles end, and each file is listed once")
  func links() async throws {
    trust()
    house.work.write(".agents/skills/one/SKILL.md", skill("one"))
    symlink(".", house.work.path(".agents/skills/again"))
    symlink("one", house.work.path(".agents/skills/other"))
    let client = try await house.client()
    #expect(try await list(client)["skills"]?.arrayValue?.count == 1)
  }

  @Test("a skill is turned off and on in the user's file, and everyone is told")
  func write() async throws {
    house.home.write("skills/mine/SKILL.md", skill("mine"))
    house.home.write("config.toml", "# mine\nmodel = \"m\"\n")
    let client = try await house.client()
    func enabled() async throws -> JSONValue? { try await list(client)["skills"]?[0]?["enabled"] }
    #expect(try await enabled() == true)
    let path = house.home.path("skills/mine/SKILL.md")
    let off = try await client.call("skills/config/write", ["path": .string(path), "enabled": false])
    #expect(off == ["effectiveEnabled": false])
    _ = await client.note("skills/changed")
    #expect(try await enabled() == false)
    try await client.call("skills/config/write", ["path": .string(path), "enabled": true])
    #expect(try await enabled() == true)
    #expect(house.home.text("config.toml")?.hasPrefix("# mine\nmodel = \"m\"\n") == true)
    let both: JSONValue = ["path": .string(path), "name": "mine", "enabled": true]
    #expect(await client.error("skills/config/write", both)?.code == RPCError.invalidRequestCode)
  }
}
