import FoundationEssentials
import StetJSON
import StetProtocol
import StetRPC
import StetTestSupport
import Testing

/// Whole conversations as other programs have them, with the real agent.
@Suite struct ConversationTests {
  private func text(_ text: String) -> JSONValue { [["type": "text", "text": .string(text)]] }

  @Test("A2: what the codex-acp adapter asks works: prompt, approve, decline, steer, cancel, resume")
  func adapter() async throws {
    let gate = Gate()
    let house = AgentHouse([
      .call("exec_command", ["cmd": "echo approved"]), .text("First answer."),
      .call("exec_command", ["cmd": "echo declined"]), .text("Second answer."),
      .respond([.text("A long answer that is steered and cancelled.", chunk: 5, gates: [2: gate])]),
      .text("Steered."),
    ])
    let server = house.server()
    let client = try await house.connect(server)
    _ = try await client.call("model/list", [:])
    _ = try await client.call("account/read", [:])
    let thread = try await house.thread(client, ["approvalPolicy": "untrusted"])
    try await client.call("turn/start", ["threadId": thread, "input": text("run it")])
    client.answer(await client.request(1).id, ["decision": "accept"])
    #expect(await client.note("turn/completed", 1)["turn"]?["status"] == "completed")
    try await client.call("turn/start", ["threadId": thread, "input": text("run that")])
    client.answer(await client.request(2).id, ["decision": "decline"])
    #expect(await client.note("turn/completed", 2)["turn"]?["status"] == "completed")
    let commands = client.notes("item/completed").filter { $0["item"]?["type"] == "commandExecution" }
    #expect(commands.compactMap { $0["item"]?["status"] } == ["completed", "declined"])

    let deltas = client.notes("item/agentMessage/delta").count
    let turn = try await client.call("turn/start", ["threadId": thread, "input": text("tell me")])
    _ = await client.note("item/agentMessage/delta", deltas + 2)
    let id = try #require(turn["turn"]?["id"])
    #expect(
      try await client.call(
        "turn/steer", ["threadId": thread, "expectedTurnId": id, "input": text("shorter")])["turnId"] == id)
    gate.open()
    #expect(await client.note("turn/completed", 3)["turn"]?["status"] == "completed")

    let second = try await house.connect(server)
    let resumed = try await second.call("thread/resume", ["threadId": thread])
    #expect(resumed["thread"]?["turns"]?.arrayValue?.count == 3)
    _ = await second.note("thread/goal/cleared")
    #expect(
      try await second.call("thread/list", [:])["data"]?.arrayValue?.map { $0["id"] } == [thread])
    try checkSchemas(client)
    try checkSchemas(second)
    await server.shutdown()
  }

  @Test("A8: reading, listing and resuming answer while a turn is under way and does not move")
  func besideATurn() async throws {
    let gate = Gate()
    let house = AgentHouse([
      .text("Done."), .respond([.text("It hangs in the middle.", chunk: 5, gates: [2: gate])]),
    ])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await house.thread(client)
    try await client.call("turn/start", ["threadId": thread, "input": text("one")])
    _ = await client.note("turn/completed")
    let deltas = client.notes("item/agentMessage/delta").count
    try await client.call("turn/start", ["threadId": thread, "input": text("two")])
    _ = await client.note("item/agentMessage/delta", deltas + 2)
    let other = try await house.connect(server)
    let read = try await other.call("thread/read", ["threadId": thread, "includeTurns": true])
    #expect(read["thread"]?["turns"]?.arrayValue?.count == 2)
    #expect(read["thread"]?["status"]?["type"] == "active")
    #expect(try await other.call("thread/list", [:])["data"]?.arrayValue?.count == 1)
    let resumed = try await other.call("thread/resume", ["threadId": thread])
    #expect(resumed["thread"]?["turns"]?.arrayValue?.last?["status"] == "inProgress")
    _ = try await house.thread(other)
    gate.open()
    for each in [client, other] {
      #expect(await each.note("turn/completed")["turn"]?["status"] == "completed")
    }
    await server.shutdown()
  }

  @Test("A1: without the stet flag nothing of a whole conversation has a stet member")
  func plainClient() async throws {
    let house = AgentHouse([
      .call("exec_command", ["cmd": "echo hi > file"]), .text("Answer."),
    ])
    let server = house.server()
    let plain = try await house.connect(server)
    let full = try await house.connect(
      server, stet: ["version": 1, "hunkReview": true, "snapshots": true, "events": true])
    let thread = try await house.thread(plain, ["approvalPolicy": "untrusted"])
    try await full.call("thread/resume", ["threadId": thread])
    try await plain.call("turn/start", ["threadId": thread, "input": text("go")])
    full.answer(await full.request().id, ["decision": "accept"])
    for client in [plain, full] { _ = await client.note("turn/completed") }
    _ = try await plain.call("thread/read", ["threadId": thread, "includeTurns": true])
    try await plain.settle()
    // The name of the tests' own folder may hold the word: members only.
    for message in plain.messages {
      if case .error = message { continue }
      #expect(!message.jsonValue.text.contains("\"stet"), "\(message.jsonValue.text.prefix(300))")
    }
    #expect(full.messages.contains { $0.jsonValue["stet"] != nil })
    try checkSchemas(plain)
    await server.shutdown()
  }

  /// All that a client was sent fits Codex's schemas, where they are at hand.
  private func checkSchemas(_ client: TestClient) throws {
    guard let shared = ProcessInfo.processInfo.environment["STET_SHARED"] else { return }
    let schemas = ProtocolSchemas(folder: shared + "/conformance/schema")
    for message in client.messages {
      let fault: String? =
        switch message {
        case .notification: schemas.fault(in: message.jsonValue, union: "ServerNotification")
        case .request: schemas.fault(in: message.jsonValue, union: "ServerRequest")
        case .result(let id, let result):
          client.method(of: id).flatMap { schemas.fault(inResult: result, of: $0) }
        case .error: nil
        }
      #expect(fault == nil, "\(fault ?? "")")
    }
  }
}
