import StetAgent
import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// Large payloads are stored once, beside the log.
@Suite(.timeLimit(.minutes(10)))
struct BlobTests {
  private static let long = String(repeating: "línea \u{1F600} of output\n", count: 2_000)

  private var shout: ScriptedTool {
    ScriptedTool("shout") { call, context in
      var item = CommandExecutionItem(
        id: call.itemId, command: "shout", cwd: "/", status: .inProgress, commandActions: [])
      context.items.started(.commandExecution(item))
      item.status = .completed
      item.aggregatedOutput = Self.long
      context.items.completed(.commandExecution(item))
      return .text(Self.long)
    }
  }

  @Test("R3: an output over 8 KB and an image are kept once; the model gets the same bytes after a restart")
  func r3_blobs() async throws {
    let image = "data:image/png;base64," + String(repeating: "QUJD", count: 5_000)
    let first = AgentHarness(
      [.call("shout", ["n": 1]), .call("shout", ["n": 2]), .text("done")], tools: [shout])
    let id = try await first.start().thread.id
    let turn = try await first.call { (reply: @escaping AgentReply<TurnStartResponse>) in
      first.agent.turnStart(
        TurnStartParams(
          threadId: id,
          input: [.text("look"), .image(ImageUserInput(url: image)), .image(ImageUserInput(url: image))]),
        reply: reply)
    }.turn
    _ = await first.ended(turn.id)
    let live = try await first.read(id)
    let body = try #require(first.model.bodies.last)
    let log = try #require(first.home.bytes(try await first.log(id)))
    #expect(body.count > 120_000 && log.count < 40_000)

    let second = await first.restarted([.text("more")], tools: [shout])
    #expect(try await second.resume(id).thread.turns.map(\.items) == live.turns.map(\.items))
    try await second.turn(id, "and?")
    let after = try #require(second.model.bodies.first)
    #expect(Array(after.prefix(body.count - 2)) == Array(body.dropLast(2)))
    second.checkInvariants()
  }

  @Test("R3: what looks like a reference in a client's item is sent as it came")
  func r3_noConfusion() async throws {
    let first = AgentHarness([.text("a")])
    let id = try await first.start().thread.id
    let odd: JSONValue = [
      "type": "message", "role": "user", "content": [["type": "input_text", "text": "odd"]],
      "stet.blobs": [["at": ["role"], "name": "x", "bytes": 1]], "value": ["type": "message"],
    ]
    try await first.inject(id, [odd])
    let second = await first.restarted([.text("b")])
    _ = try await second.resume(id)
    try await second.turn(id, "q")
    #expect(second.input(0).contains(odd))
  }
}
