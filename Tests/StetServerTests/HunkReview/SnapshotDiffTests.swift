import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// `stet/snapshot/list` and `stet/snapshot/diff` over the local transport.
@Suite(.timeLimit(.minutes(10)))
struct SnapshotDiffTests {
  @Test(
    "what a turn did, between two snapshots and against the disk; one file of it; a snapshot that nobody knows"
  )
  func diff() async throws {
    let house = try await ReviewHouse(
      [
        .call("write", ["path": "b.txt", "content": "new\n"]), .text("one"),
        .call("edit", ["path": "a.txt", "old_string": "line 2\n", "new_string": "LINE 2\n"]), .text("two"),
      ], review: "off")
    try await house.turn("first")
    try await house.turn("second")
    func call(_ method: String, _ more: JSONObject = [:]) async throws -> JSONValue {
      var params = more
      params["threadId"] = house.thread
      return try await house.client.call("stet/snapshot/\(method)", .object(params))
    }
    let rows = try await call("list")["data"]?.arrayValue ?? []
    #expect(rows.count == 2 && rows.allSatisfy { $0["state"] == "active" })
    let first = try #require(rows.last?["snapshotId"])
    let whole = try await call("diff", ["from": first])
    let files = whole["files"]?.arrayValue ?? []
    #expect(
      Set(files.compactMap { $0["kind"]?.stringValue }) == ["add", "update"] && whole["truncated"] == false)
    let edited = try #require(files.first { $0["kind"] == "update" })
    #expect(edited["diff"]?.stringValue?.contains("-line 2\n+LINE 2\n") == true && edited["author"] == "edit")
    let path = try #require(edited["path"])
    #expect(try await call("diff", ["from": first, "path": path])["files"] == [edited])
    let unknown = await house.client.error(
      "stet/snapshot/diff", ["threadId": house.thread, "from": "no-such-snapshot"])
    #expect(unknown?.code == -32600)
    await house.server.shutdown()
  }
}
