import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// `stet/review/list`, `read` and `preview` on a review that the real agent waits with.
@Suite struct ReviewMethodTests {
  private let reviewer: JSONValue = ["version": 1, "hunkReview": true]
  private let old = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n"
  private let new = "ONE\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nTEN\n"

  /// A turn whose model rewrites `a.txt` in two hunks; returns when the request is there.
  private func asked(_ house: AgentHouse) async throws -> (TestClient, thread: JSONValue, review: JSONValue) {
    house.work.write("a.txt", old)
    let client = try await house.connect(house.server(), stet: reviewer)
    let thread = try await house.thread(client, ["stet": ["editReview": "ask"]])
    try await client.call("turn/start", ["threadId": thread, "input": [["type": "text", "text": "go"]]])
    let review = try #require(await client.request().params["stet"]?["reviewId"])
    return (client, thread, review)
  }

  private func house() -> AgentHouse {
    AgentHouse([
      .call("write", ["path": "a.txt", "content": .string(new)]), .text("done"),
    ])
  }

  @Test("a waiting review is listed, read in pages, and done once it is answered")
  func listAndRead() async throws {
    let house = house()
    let (client, thread, review) = try await asked(house)
    let row = try await client.call("stet/review/list", ["threadId": thread, "state": "pending"])["data"]?[0]
    #expect(row?["reviewId"] == review)
    #expect(row?["hunksUndecided"] == 2)
    #expect(row?["state"] == "pending")
    #expect(client.notes("stet/review/changed").last?["hunksUndecided"] == 2)

    let read: JSONValue = ["threadId": thread, "reviewId": review, "limit": 1]
    let first = try await client.call("stet/review/read", read)
    let whole = try await client.call(
      "stet/review/read", ["threadId": thread, "reviewId": review, "includeText": true])
    #expect(whole["nextCursor"] == .null)
    #expect(whole["files"]?[0]?["hunks"]?.arrayValue?.count == 2)
    #expect(whole["files"]?[0]?["base"]?.stringValue?.isEmpty == false)
    var next = read
    next["cursor"] = first["nextCursor"]
    let second = try await client.call("stet/review/read", next)
    let paged = [first, second].compactMap { $0["files"]?[0]?["hunks"]?[0]?["hunkId"] }
    #expect(paged == whole["files"]?[0]?["hunks"]?.arrayValue?.compactMap { $0["hunkId"] })
    #expect(first["files"]?[0]?["base"] == nil)
    #expect(second["nextCursor"] == .null)
    next["cursor"] = "9:9"
    #expect(await client.error("stet/review/read", next)?.message == "invalid cursor: 9:9")

    client.answer(await client.request().id, ["decision": "accept"])
    _ = await client.note("turn/completed")
    let done = try await client.call("stet/review/list", ["threadId": thread])["data"]?.arrayValue ?? []
    #expect(done.map { $0["state"] } == ["done"])
    #expect(done.first?["reviewId"] == review)
    #expect(client.notes("stet/review/changed").last?["hunksUndecided"] == 0)
    #expect(
      await client.error("stet/review/read", read)?.message
        == "no open review \(review.stringValue ?? "") in this thread")
  }

  @Test("a preview shows what would be written, writes nothing, and says when the file moved on")
  func preview() async throws {
    let house = house()
    let (client, thread, review) = try await asked(house)
    let file = try #require(
      try await client.call("stet/review/read", ["threadId": thread, "reviewId": review])["files"]?[0])
    let path = try #require(file["path"])
    let operation = try #require(file["hunks"]?[1]?["ops"]?[0]?["opId"])
    func preview(_ decision: JSONValue) async throws -> JSONValue? {
      let params: JSONValue = ["threadId": thread, "reviewId": review, "files": [decision]]
      return try await client.call("stet/review/preview", params)["files"]?[0]
    }
    let half: JSONValue = [
      "path": path, "baseHash": file["baseHash"] ?? .null, "decision": "partial",
      "ops": [["opId": operation, "decision": "accept"]],
    ]
    let shown = try await preview(half)
    #expect(shown?["diff"]?.stringValue?.contains("+TEN") == true)
    #expect(shown?["diff"]?.stringValue?.contains("+ONE") == false)
    #expect(shown?["stale"] == false)
    let all = try await preview(["path": path, "baseHash": file["baseHash"] ?? .null, "decision": "accept"])
    #expect(all?["resultHash"] == file["proposedHash"])
    #expect(house.work.bytes("a.txt") == Array(old.utf8))

    house.work.write("a.txt", old + "eleven\n")
    #expect(try await preview(half)?["stale"] == true)
    let wrong: JSONValue = [
      "threadId": thread, "reviewId": review,
      "files": [["path": "/etc/passwd", "baseHash": nil, "decision": "accept"]],
    ]
    #expect(await client.error("stet/review/preview", wrong)?.message.contains("do not fit review") == true)
    client.answer(await client.request().id, ["decision": "cancel"])
    _ = await client.note("turn/completed")
  }

  @Test("only a client with hunk review may look")
  func capability() async throws {
    let house = AgentHouse([])
    let client = try await house.connect(house.server(), stet: ["version": 1])
    let thread = try await house.thread(client)
    for method in ["stet/review/list", "stet/review/read", "stet/review/preview"] {
      #expect(await client.error(method, ["threadId": thread]) == .requiresStet(method))
    }
  }
}
