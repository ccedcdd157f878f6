import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// `thread/metadata/update`, `thread/readState/update`, `thread/items/read`, archive and the old methods.
@Suite struct ThreadMetadataTests {
  private func house(_ answers: Int = 1) -> ModelHouse {
    ModelHouse((0..<answers).map { .text("answer \($0)") })
  }

  @Test("absent keeps, null clears, text sets; nothing given is an error")
  func gitInfo() async throws {
    let house = house()
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    try await client.turn(thread, "hi")
    let id = JSONValue.string(thread)
    func update(_ git: JSONValue) async throws -> JSONValue {
      try await client.call("thread/metadata/update", ["threadId": id, "gitInfo": git])["thread"]?["gitInfo"]
        ?? .null
    }
    let full: JSONValue = ["sha": "abc", "branch": "main", "originUrl": "u"]
    #expect(try await update(full) == full)
    #expect(
      try await update(["branch": .null, "sha": "def"])
        == ["sha": "def", "branch": .null, "originUrl": "u"])
    #expect(
      try await update(["sha": .null, "branch": .null, "originUrl": .null]) == .null)
    let nothing = RPCError.invalidRequest("thread metadata update must include at least one field")
    #expect(await client.error("thread/metadata/update", ["threadId": id]) == nothing)
    #expect(await client.error("thread/metadata/update", ["threadId": id, "gitInfo": [:]]) == nothing)
    #expect(
      await client.error("thread/metadata/update", ["threadId": id, "gitInfo": ["sha": ""]])?.message
        == "gitInfo.sha must not be empty")
    _ = try await update(full)
    await server.shutdown()

    // What was cleared and set is the same after a restart.
    let later = house.server()
    let other = try await house.connect(later)
    #expect(try await other.call("thread/read", ["threadId": id])["thread"]?["gitInfo"] == full)
    let unloaded = try await other.call(
      "thread/metadata/update", ["threadId": id, "gitInfo": ["branch": "b"]])
    #expect(unloaded["thread"]?["gitInfo"]?["branch"] == "b")
    #expect(unloaded["thread"]?["status"]?["type"] == "notLoaded")
    await later.shutdown()
  }

  @Test("git facts are filled in after the start, without secrets")
  func facts() async throws {
    let house = house()
    let repository = try TempRepository()
    repository.directory.write("f", "1")
    try repository.commitAll()
    try repository.git("remote", "add", "origin", "https://user:token@example.invalid/x.git")
    let sha = try repository.git("rev-parse", "HEAD").split(separator: "\n").first.map(String.init) ?? ""
    let server = house.server()
    let client = try await house.connect(server)
    let started = try await client.call("thread/start", ["cwd": .string(repository.path)])["thread"]
    #expect(started?["gitInfo"] == .null)
    let id = try #require(started?["id"]?.stringValue)
    try await client.turn(id, "hi")
    // They come in their own time, behind the start.
    for _ in 0..<1_000 {
      let thread = try await client.call("thread/read", ["threadId": .string(id)])["thread"]
      if thread?["gitInfo"]?.isNull == false { break }
    }
    await server.shutdown()
    let later = house.server()
    let row = try await house.connect(later).call("thread/list", [:])["data"]?[0]
    #expect(
      row?["gitInfo"]
        == ["sha": .string(sha), "branch": "main", "originUrl": "https://example.invalid/x.git"])
    await later.shutdown()
  }

  @Test("a turn makes a thread unread before its status is idle; marking needs the revision that was seen")
  func readState() async throws {
    let house = house(2)
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    let turn = try await client.turn(thread, "hi")
    let end = ["thread/readState/changed", "thread/status/changed", "turn/completed"]
    #expect(client.order.suffix(3) == end)
    let told = try #require(client.notes("thread/readState/changed").last?["readState"])
    #expect(told["firstUnread"] == ["type": "turn", "turnId": turn["id"] ?? .null])
    func mark(_ operation: String, _ revision: JSONValue) -> JSONValue {
      ["threadId": .string(thread), "operation": ["type": .string(operation)], "expectedRevision": revision]
    }
    let read = try await client.call("thread/readState/update", mark("read", told["revision"] ?? .null))
    #expect(read["readState"]?["firstUnread"] == .null)
    #expect(await client.note("thread/readState/changed", 2)["readState"] == read["readState"])
    #expect(await client.error("thread/readState/update", mark("unread", told["revision"] ?? .null)) != nil)
    let revision = read["readState"]?["revision"] ?? .null
    let unread = try await client.call("thread/readState/update", mark("unread", revision))
    #expect(unread["readState"]?["firstUnread"] == ["type": "threadStart"])
    try await client.turn(thread, "again")
    let row = try await client.call("thread/list", [:])["readStates"]?[thread]
    #expect(row?["firstUnread"] == ["type": "threadStart"])
    await server.shutdown()
  }

  @Test("items are read by id, in the order that was asked; others are left out")
  func items() async throws {
    let house = house()
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    let turn = try await client.turn(thread, "hi")
    let ids = client.notes("item/completed").compactMap { $0["item"]?["id"] }
    let params: JSONValue = [
      "threadId": .string(thread), "turnId": turn["id"] ?? .null, "itemIds": .array(ids.reversed() + ["no"]),
    ]
    let live = try await client.call("thread/items/read", params)["data"]
    #expect(live?.arrayValue?.map { $0["item"]?["id"] } == ids.reversed())
    #expect(
      await client.error(
        "thread/items/read", ["threadId": .string(thread), "turnId": "no", "itemIds": ["x"]])?.message
        == "turn not found: no")
    #expect(
      await client.error(
        "thread/items/read", ["threadId": .string(thread), "turnId": turn["id"] ?? .null, "itemIds": []])
        != nil)
    await server.shutdown()
    let later = house.server()
    #expect(try await house.connect(later).call("thread/items/read", params)["data"] == live)
    await later.shutdown()
  }

  @Test("archiving twice, unarchiving twice and archiving what is not stored are errors that change nothing")
  func archive() async throws {
    let house = house()
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    try await client.turn(thread, "hi")
    let params: JSONValue = ["threadId": .string(thread)]
    #expect(await client.error("thread/unarchive", params) == .noArchivedRollout(thread))
    #expect(try await client.call("thread/archive", params) == [:])
    #expect(await client.error("thread/archive", params) == .noRollout(thread))
    let told = await client.error("thread/resume", params)?.message
    #expect(told?.contains("stet sessions unarchive \(thread)") == true)
    #expect(try await client.call("thread/unarchive", params)["thread"]?["id"] == .string(thread))
    #expect(await client.error("thread/unarchive", params) == .noArchivedRollout(thread))
    let fleeting = try await client.thread(["ephemeral": true])
    #expect(await client.error("thread/archive", ["threadId": .string(fleeting)]) == .noRollout(fleeting))
    #expect(try await client.call("thread/loaded/list", [:])["data"] == [.string(fleeting)])
    await server.shutdown()
  }

  @Test("the old methods still answer")
  func old() async throws {
    let house = house()
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    try await client.turn(thread, "hi")
    let summary = try await client.call("getConversationSummary", ["conversationId": .string(thread)])[
      "summary"]
    #expect(summary?["preview"] == "hi")
    let path = try #require(summary?["path"])
    #expect(try await client.call("getConversationSummary", ["rolloutPath": path])["summary"] == summary)
    #expect(await client.error("getConversationSummary", [:]) != nil)
    let repository = try TempRepository()
    repository.directory.write("f", "1\n")
    try repository.commitAll()
    try repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
    repository.directory.write("f", "2\n")
    try repository.commitAll()
    repository.directory.write("new", "n\n")
    let cwd: JSONValue = ["cwd": .string(repository.path)]
    let found = try await client.call("gitDiffToRemote", cwd)
    let sha = try repository.git("rev-parse", "HEAD~1").split(separator: "\n").first.map(String.init)
    #expect(found["sha"]?.stringValue == sha)
    let diff = found["diff"]?.stringValue ?? ""
    #expect(diff.contains("-1\n+2") && diff.contains("+n"))
    #expect(await client.error("gitDiffToRemote", ["cwd": .string(house.work.path)]) != nil)
    await server.shutdown()
  }
}
