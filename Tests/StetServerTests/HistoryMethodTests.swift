import StetJSON
import StetProtocol
import Testing

/// The methods on a thread's history, as the server passes them on.
@Suite struct HistoryMethodTests {
  private let id: JSONValue = .string(ScriptedAgent.firstThread)

  @Test("thread/fork subscribes the caller to the fork; the result comes before thread/started")
  func fork() async throws {
    let house = ServerHarness()
    let client = try await house.client()
    let request = client.ask("thread/fork", ["threadId": id])
    let fork = try await client.response(to: request).get()["thread"]?["id"]
    #expect(fork == .string(ScriptedAgent.secondThread))
    _ = await client.note("thread/started")
    #expect(isSubsequence(["#\(request)", "thread/started"], of: client.order))
    house.agent.sink.notify(
      .agentMessageDelta(.init(threadId: ScriptedAgent.secondThread, turnId: "u", itemId: "i", delta: "d")),
      thread: ScriptedAgent.secondThread)
    #expect(await client.note("item/agentMessage/delta")["delta"] == "d")
  }

  @Test("thread/revert and thread/delete: the result, then the notification, to every connection")
  func revertAndDelete() async throws {
    let house = ServerHarness()
    let client = try await house.client()
    let other = try await house.client()
    let revert = client.ask("thread/revert", ["threadId": id, "beforeTurnId": "u"])
    #expect(try await client.response(to: revert).get()["thread"]?["id"] == id)
    #expect(await other.note("thread/reverted")["threadId"] == id)
    let delete = client.ask("thread/delete", ["threadId": id])
    #expect(try await client.response(to: delete).get() == [:])
    #expect(await other.note("thread/deleted")["threadId"] == id)
    _ = await client.note("thread/deleted")
    #expect(
      isSubsequence(["#\(revert)", "thread/reverted", "#\(delete)", "thread/deleted"], of: client.order))
  }

  @Test("pages show a review's outcome only to clients that asked for it")
  func rendering() async throws {
    let house = ServerHarness()
    let plain = try await house.client()
    let reviewing = try await house.client(stet: ["version": 1, "hunkReview": true])
    let calls: [(String, JSONObject)] = [
      ("thread/turns/list", [:]), ("thread/items/list", [:]),
      ("thread/items/read", ["turnId": "u", "itemIds": ["call_1"]]),
    ]
    for (method, rest) in calls {
      var params = JSONValue.object(rest)
      params["threadId"] = id
      for (client, shown) in [(plain, false), (reviewing, true)] {
        let row = try await client.call(method, params)["data"]?[0]
        let item = row?["item"] ?? row?["items"]?[0]
        #expect(item?["id"] == "call_1" && (item?["stet"] != nil) == shown, "\(method)")
      }
    }
  }

  @Test("malformed ids and params are refused in Codex's words")
  func refusals() async throws {
    let house = ServerHarness()
    let client = try await house.client()
    let bad = RPCError.invalidRequest(
      "invalid thread id: invalid length: expected length 32 for simple format, found 3")
    for method in ["thread/fork", "thread/delete", "thread/turns/list", "thread/items/list"] {
      #expect(await client.error(method, ["threadId": "bad"]) == bad, "\(method)")
      let missing = await client.error(method, [:])
      #expect(missing?.message == "Invalid request: missing field `threadId`", "\(method)")
    }
    let missing = await client.error("thread/revert", ["threadId": id])
    #expect(missing?.message == "Invalid request: missing field `beforeTurnId`")
  }
}
