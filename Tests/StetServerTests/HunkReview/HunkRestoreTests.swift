import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// `stet/snapshot/restore` of single hunks of a review.
@Suite(.timeLimit(.minutes(10)))
struct HunkRestoreTests {
  private static let new = ReviewHouse.old.replacing("line 2\n", with: "LINE 2\n")
    .replacing("line 18\n", with: "LINE 18\n")

  private func house() async throws -> ReviewHouse {
    let house = try await ReviewHouse(
      ReviewHouse.script([("write", ["path": "a.txt", "content": .string(Self.new)])]))
    try await house.turn()
    return house
  }

  private func restore(_ house: ReviewHouse, _ scope: JSONValue, _ more: JSONObject = [:]) async throws
    -> JSONValue
  {
    var params = more
    params["threadId"] = house.thread
    params["scope"] = scope
    return try await house.client.call("stet/snapshot/restore", .object(params))
  }

  @Test("one hunk: planned, then taken back, and brought again by a redo")
  func oneHunk() async throws {
    let house = try await house()
    let (id, files) = try await house.waiting()
    let hunk = try #require(files[0]["hunks"]?[1]?["hunkId"])
    let scope: JSONValue = ["type": "hunks", "reviewId": id, "hunkIds": [hunk]]
    let plan = try await restore(house, scope)
    #expect(plan["files"]?.arrayValue?.map { $0["action"] } == ["write"])
    #expect(plan["files"]?[0]?["diff"]?.stringValue?.contains("+line 18\n") == true)
    #expect(house.work.text("a.txt") == Self.new)
    let done = try await restore(house, scope, ["dryRun": false, "planId": plan["planId"] ?? .null])
    #expect(house.work.text("a.txt") == ReviewHouse.old.replacing("line 2\n", with: "LINE 2\n"))
    let redo: JSONObject = ["threadId": house.thread, "snapshotId": done["restoredSnapshotId"] ?? .null]
    let again = try await house.client.call("stet/snapshot/redo", .object(redo))
    var really = redo
    really["dryRun"] = false
    really["planId"] = again["planId"]
    try await house.client.call("stet/snapshot/redo", .object(really))
    #expect(house.work.text("a.txt") == Self.new)
  }

  @Test("a hunk that nobody knows, or no review: an error, and nothing is planned")
  func unknown() async throws {
    let house = try await house()
    let (id, _) = try await house.waiting()
    for scope in [
      ["type": "hunks", "reviewId": id, "hunkIds": ["0"]], ["type": "hunks", "reviewId": id],
      ["type": "hunks", "reviewId": "nobody", "hunkIds": ["0"]],
    ] as [JSONValue] {
      let error = await house.client.error(
        "stet/snapshot/restore", ["threadId": house.thread, "scope": scope])
      #expect(error?.code == -32600)
    }
  }
}
