import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// `stet/permissions/*` on the real agent.
@Suite struct PermissionMethodTests {
  private let stet: JSONValue = ["version": 1, "hunkReview": true]

  private func rows(_ answer: JSONValue) -> [JSONValue] { answer["data"]?.arrayValue ?? [] }

  @Test("S4: a remembered rule is listed with text, scope and expiry, holds, and is gone once revoked")
  func s4_rememberListRevoke() async throws {
    let house = AgentHouse([
      .call("exec_command", ["cmd": "cat a.txt"]), .call("exec_command", ["cmd": "cat b.txt"]),
      .call("exec_command", ["cmd": "ls -l"]), .text("done"),
    ])
    let client = try await house.connect(house.server(), stet: stet)
    let thread = try await house.thread(
      client, ["approvalPolicy": "untrusted", "sandbox": "workspace-write"])
    try await client.call("turn/start", ["threadId": thread, "input": [["type": "text", "text": "go"]]])
    let asked = await client.request()
    #expect(asked.params["stet"]?["consent"]?["rules"]?[0]?["text"] == "cat …")
    client.answer(
      asked.id,
      ["decision": "accept", "stet": ["remember": ["offer": 0, "scope": "project", "days": 30]]])
    let next = await client.request(2)
    #expect(next.params["command"] == "/bin/bash -c 'ls -l'", "the second cat is covered by the rule")
    client.answer(next.id, ["decision": "decline"])
    _ = await client.note("turn/completed")

    let list = try await client.call(
      "stet/permissions/list", ["threadId": thread, "command": "cat x | wc -l"])
    let row = try #require(rows(list).first)
    #expect(row["text"] == "cat …" && row["scope"] == "project" && row["outside"] == false)
    #expect(row["place"] == .string(house.work.path) && row["until"]?.stringValue?.count == 10)
    #expect(list["sandbox"]?["wanted"] == true)
    #expect(list["verdict"]?["verdict"] == "ask")
    #expect(
      list["verdict"]?["parts"]?.arrayValue?.map { $0["verdict"] } == ["allowed", "no rule"])
    let alone = try await client.call("stet/permissions/list", ["threadId": thread, "command": "cat x"])
    #expect(alone["verdict"]?["verdict"] == "run")

    let change: JSONObject = ["threadId": thread, "id": row["id"] ?? .null, "allow": false]
    #expect(rows(try await client.call("stet/permissions/change", .object(change))).isEmpty)
    #expect(house.home.text("rules/default.rules") == "")
    #expect(
      await client.error("stet/permissions/change", .object(change))?.message.contains("no longer") == true)
    let after = try await client.call("stet/permissions/list", ["threadId": thread, "command": "cat x"])
    #expect(after["verdict"]?["verdict"] == "ask")
  }

  private static let wrongWishes: [JSONValue] = [
    ["offer": 9, "scope": "user"], ["offer": 0, "scope": "world"], ["offer": 0], "yes",
    ["offer": 0, "scope": "user", "days": 0], ["offer": -1, "scope": "user"],
  ]

  @Test("S5: a rule that was not offered, or a scope that is none, fails closed")
  func s5_notOffered() async throws {
    for wish in Self.wrongWishes {
      let house = AgentHouse([.call("exec_command", ["cmd": "touch made"]), .text("done")])
      let client = try await house.connect(house.server(), stet: stet)
      let thread = try await house.thread(
        client, ["approvalPolicy": "untrusted", "sandbox": "workspace-write"])
      try await client.call("turn/start", ["threadId": thread, "input": [["type": "text", "text": "go"]]])
      client.answer(await client.request().id, ["decision": "accept", "stet": ["remember": wish]])
      _ = await client.note("turn/completed")
      #expect(!house.work.exists("made") && !house.home.exists("rules/default.rules"), "\(wish.text)")
      #expect(
        client.notes("warning").contains { $0["message"]?.stringValue?.contains("did not run") == true })
    }
  }

  @Test(
    "S14: what a trusted project asks for is listed whole, holds after consent, and a change is asked anew")
  func s14_consent() async throws {
    let house = AgentHouse([])
    house.home.write(
      "config.toml",
      (house.home.text("config.toml") ?? "")
        + "\n[projects.\"\(house.work.path)\"]\ntrust_level = \"trusted\"\n")
    house.work.write(
      ".stet/config.toml", "[mcp_servers.x]\ncommand = \"/bin/evil\"\nargs = [\"a b\"]\nenabled = false\n")
    let client = try await house.connect(house.server(), stet: stet)
    let thread = try await house.thread(client)
    let list = try await client.call("stet/permissions/list", ["threadId": thread])
    let asked = try #require(rows(list).first { $0["kind"] == "asked" })
    #expect(asked["text"]?.stringValue?.contains("/bin/evil") == true)
    #expect(asked["text"]?.stringValue?.contains("a b") == true)
    let change: JSONObject = ["threadId": thread, "id": asked["id"] ?? .null, "allow": true]
    let agreed = try await client.call("stet/permissions/change", .object(change))
    #expect(!rows(agreed).contains { $0["kind"] == "asked" })
    #expect(house.home.text("config.toml")?.contains("consents = [\"sha256:") == true)
    let given = try #require(rows(agreed).first { $0["kind"] == "consent" })
    #expect(given["text"] == asked["text"])
    let back: JSONObject = ["threadId": thread, "id": given["id"] ?? .null, "allow": false]
    let revoked = try await client.call("stet/permissions/change", .object(back))
    #expect(rows(revoked).map { $0["kind"] } == ["asked"])
    try await client.call("stet/permissions/change", .object(change))
    house.work.write(".stet/config.toml", "[mcp_servers.x]\ncommand = \"/bin/other\"\nenabled = false\n")
    let again = try await client.call("stet/permissions/list", ["threadId": thread])
    #expect(rows(again).contains { $0["text"]?.stringValue?.contains("/bin/other") == true })
  }

  @Test(
    "S14: a hook waits in the list, runs once agreed to, waits again when it changes, and can be taken back")
  func s14_hooks() async throws {
    let house = AgentHouse([])
    house.home.write(
      "config.toml",
      (house.home.text("config.toml") ?? "")
        + "\n[projects.\"\(house.work.path)\"]\ntrust_level = \"trusted\"\n")
    func offer(_ command: String) {
      let hook: JSONValue = [
        "hooks": ["Stop": [["hooks": [["type": "command", "command": .string(command)]]]]]
      ]
      house.work.write(".claude/settings.json", hook.text)
    }
    offer("echo one")
    let client = try await house.connect(house.server(), stet: stet)
    let thread = try await house.thread(client)
    func change(_ row: JSONValue, _ allow: Bool) async throws -> [JSONValue] {
      let change: JSONObject = ["threadId": thread, "id": row["id"] ?? .null, "allow": .bool(allow)]
      return rows(try await client.call("stet/permissions/change", .object(change)))
    }
    func listed() async throws -> [JSONValue] {
      rows(try await client.call("stet/permissions/list", ["threadId": thread]))
    }
    func trust() async throws -> JSONValue? {
      try await client.call("hooks/list", ["cwds": [.string(house.work.path)]])["data"]?[0]?["hooks"]?[0]?[
        "trustStatus"]
    }
    let asked = try #require(try await listed().first)
    #expect(asked["kind"] == "asked" && asked["text"] == "hook Stop: echo one" && asked["source"] == "hook")
    #expect(try await change(asked, true).map { $0["kind"] } == ["consent"])
    #expect(try await trust() == "trusted")
    offer("echo two")
    let changed = try #require(try await listed().first)
    #expect(
      changed["kind"] == "asked" && changed["changed"] == true && changed["text"] == "hook Stop: echo two")
    // The word on the text that was seen is no word on the one that is there now.
    await #expect(throws: (any Error).self) { try await change(asked, true) }
    #expect(try await trust() == "modified")
    let agreed = try #require(try await change(changed, true).first)
    #expect(try await change(agreed, false).map { $0["kind"] } == ["asked"])
    #expect(try await trust() == "untrusted")
  }

  @Test("what was accepted for the session is listed and can be taken back; clients without stet are refused")
  func sessionAndStrangers() async throws {
    let house = AgentHouse([
      .call("exec_command", ["cmd": "touch made"]), .text("one"),
      .call("exec_command", ["cmd": "touch made"]),
      .text("two"),
    ])
    let client = try await house.connect(house.server(), stet: stet)
    let thread = try await house.thread(
      client, ["approvalPolicy": "untrusted", "sandbox": "workspace-write"])
    let turn: JSONValue = ["threadId": thread, "input": [["type": "text", "text": "go"]]]
    try await client.call("turn/start", turn)
    let first = await client.request()
    client.answer(first.id, ["decision": "acceptForSession"])
    _ = await client.note("turn/completed")
    let list = try await client.call("stet/permissions/list", ["threadId": thread])
    let row = try #require(rows(list).first)
    #expect(row["kind"] == "command" && row["text"] == "touch made" && row["scope"] == "thread")
    _ = try await client.call(
      "stet/permissions/change", ["threadId": thread, "id": row["id"] ?? .null, "allow": false])
    try await client.call("turn/start", turn)
    client.answer(await client.request(2).id, ["decision": "decline"])
    let plain = try await house.connect(house.server())
    #expect(await plain.error("stet/permissions/list", ["threadId": thread]) != nil)
  }
}
