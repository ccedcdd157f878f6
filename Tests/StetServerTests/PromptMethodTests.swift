import Glibc
import StetJSON
import StetProtocol
import Testing

/// `stet/prompts/list` over real folders.
@Suite struct PromptMethodTests {
  let house = RealServer(environment: ["HOME": "/nonexistent"])

  private func list(_ client: TestClient) async throws -> JSONValue {
    try await client.call("stet/prompts/list", ["cwd": .string(house.work.path)])
  }

  private func trust() {
    house.home.write("config.toml", "[projects.\"\(house.work.path)\"]\ntrust_level = \"trusted\"\n")
  }

  private static let stet: JSONValue = ["version": 1, "hunkReview": true]

  @Test("issue 9: prompts with what their front matter says; the user's own come before the project's")
  func scopes() async throws {
    trust()
    house.home.write(
      "prompts/look.md", "---\ndescription: \"looks at it\"\nargument-hint: FILE\n---\n\nLook at $1.\n\n")
    house.home.write("prompts/plain.md", "# Be plain\nin all things\n")
    house.work.write(".codex/prompts/look.md", "the project's words")
    house.work.write(".stet/prompts/ours.md", "ours")
    let client = try await house.client(stet: Self.stet)
    let found = try await list(client)["data"]?.arrayValue ?? []
    #expect(found.map { $0["name"] } == ["look", "plain", "ours"])
    #expect(found.map { $0["scope"] } == ["user", "user", "repo"])
    #expect(
      found[0] == [
        "name": "look", "description": "looks at it", "argumentHint": "FILE", "text": "Look at $1.",
        "path": .string(house.home.path("prompts/look.md")), "scope": "user",
      ])
    #expect(found[1]["description"] == "Be plain" && found[1]["text"] == "# Be plain\nin all things")
  }

  @Test("S14: prompts of a project that the user did not trust are not offered, and that is said")
  func s14_untrusted() async throws {
    house.work.write(".stet/prompts/ours.md", "ours")
    let client = try await house.client(stet: Self.stet)
    let before = try await list(client)
    #expect(before["data"] == [])
    #expect(before["errors"]?[0]?["message"]?.stringValue?.hasPrefix("the project is not trusted") == true)
    trust()
    #expect(try await list(client)["data"]?.arrayValue?.count == 1)
  }

  @Test("issue 9: what is no prompt is left out: odd names, pipes, folders, files without an end")
  func hostile() async throws {
    house.home.write("prompts/ok.md", "ok \u{1B}[31m")
    house.home.write("prompts/a b.md", "blank")
    house.home.write("prompts/notes.txt", "text")
    house.home.write("prompts/.hidden.md", "hidden")
    house.home.write("prompts/big.md", String(repeating: "x", count: 70_000))
    house.home.makeDirectory("prompts/dir.md")
    mkfifo(house.home.path("prompts/pipe.md"), 0o600)
    let client = try await house.client(stet: Self.stet)
    let found = try await list(client)
    #expect(found["data"]?.arrayValue?.map { $0["name"] } == ["ok"])
    #expect(found["errors"]?.arrayValue?.count == 3)
    #expect(await (try house.client()).error("stet/prompts/list", [:]) == .requiresStet("stet/prompts/list"))
  }
}
