import StetConfig
import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent

/// What stet itself puts into the prompt in the user's role is no word of the user's: not kept over a compaction as
/// their message, not "the last one", not authority for a reviewer (C4, C7).
@Suite(.timeLimit(.minutes(10)))
struct OwnWordsTests {
  /// Items as each of the producers makes them.
  private func producers() throws -> [JSONValue] {
    let facts = PromptFacts(
      cwd: "/w", shell: "sh", date: "2026-01-01", permissions: "p", mode: nil,
      skills: "<skills>\nx\n</skills>",
      documents: [PromptFacts.Document(path: "/w/AGENTS.md", hash: "1")])
    let document = ProjectDocument(path: "/w/AGENTS.md", hash: "2", text: "Do.", omittedBytes: 0)
    var changed = facts
    (changed.cwd, changed.permissions, changed.mode, changed.skills) = ("/x", "q", "plan", nil)
    var items = ContextLayers.initial(
      base: "b", developerInstructions: nil, facts: facts, documents: [document], layers: .singleSystem)
    items += ContextLayers.difference(from: facts, to: changed, documents: [document], layers: .singleSystem)
    items += ContextLayers.difference(from: facts, to: changed, documents: [], layers: .singleSystem)
    var check = AnswerCheck(["type": "object"])
    guard case .repair(let repair) = check.check("no") else { throw AnswerFits() }
    var outcome = HookOutcome()
    outcome.contexts = ["it rains"]
    items += outcome.items(.userPromptSubmit)
    let skill = UserInputItems.items([.skill(name: "s", path: "s.md")], .none, cwd: "/w", images: true)
    items += skill
    items += [
      TurnMachine.abortedNote, TurnMachine.stoppedNote, TurnMachine.cutNote, check.instruction, repair,
      MCPOffer.announcement(.init(), list: ["tool_search"], here: ["mcp__a__b"]) { _ in false }?.text ?? "",
      GoalText.budgetIsUsed,
      ReviewTexts.outcome("it", "fine"), CompactionTexts.summary("s", isMidTurn: true, state: []),
      "<review>\nThe user rejected a hunk.\n</review>",
    ].map { MessageItem.ours($0) }
    return items.filter { $0["role"]?.stringValue == "user" }
  }

  private struct AnswerFits: Error {}

  @Test("C4: no item of ours counts as the user's, with its note or, in logs of long ago, without")
  func c4_everyProducer() throws {
    let items = try producers()
    #expect(items.count >= 18)
    for item in items {
      #expect(item[ItemNotes.member]?[ItemNotes.ours] == true, "\(MessageItem.text(of: item).prefix(40))")
      #expect(!PromptOrigin.isUserMessage(item), "\(MessageItem.text(of: item).prefix(40))")
      var old = item
      old[ItemNotes.member] = nil
      #expect(!PromptOrigin.isUserMessage(old), "\(MessageItem.text(of: item).prefix(40))")
      #expect(PromptItem(item).value == item, "the note is kept with the item")
      #expect(!String(decoding: PromptItem(item).bytes, as: UTF8.self).contains("ours"), "and never sent")
    }
  }

  @Test("C4: a message of the user's is theirs however it begins, also when it had to be cut")
  func c4_userBeginsLikeUs() {
    let long = "<review> of this: " + String(repeating: "line\n", count: 100_000)
    for text in ["<review>please</review>", "<goal> is to win", long] {
      let items = UserInputItems.items([.text(text)], .none, cwd: "/w", images: true)
      #expect(items.count == 1 && items.allSatisfy(PromptOrigin.isUserMessage))
      let window = Compactor(items, limits: CompactionLimits(window: 100_000)).window(
        layers: [], summary: "sum", isMidTurn: false, state: [])
      #expect(window.count == 2 && MessageItem.text(of: window[0]).hasPrefix("<"))
      #expect(PromptOrigin.isUserMessage(window[0]) && !PromptOrigin.isUserMessage(window[1]))
    }
  }

  @Test(
    "C7: compacted in the middle of a turn, the last message above the summary is the user's, not one of ours"
  )
  func c7_lastIsTheUsers() async throws {
    let summary = String(repeating: "The summary of what was done. ", count: 20)
    let harness = AgentHarness(
      [
        .text("one"), .respond([.call("look", [:])], usage: .init(input: 80_000)), .text(summary),
        .text(#"{"a":1}"#), .text(summary), .text("end"),
      ], tools: [ScriptedTool("look") { _, _ in .text("seen") }])
    harness.home.write("models.toml", "[providers.mock]\njson_schema = false\n")
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "the first wish")
    let params = TurnStartParams(
      threadId: thread, input: [.text("the second wish")], outputSchema: ["type": "object"])
    let turn: TurnStartResponse = try await harness.call { harness.agent.turnStart(params, reply: $0) }
    #expect(await harness.ended(turn.turn.id).status == .completed)
    func said(_ request: Int) -> [String] {
      harness.input(request).filter { $0["role"]?.stringValue == "user" }.map { MessageItem.text(of: $0) }
    }
    #expect(said(1).last?.hasPrefix("<output_schema>") == true)
    let mid = said(3)
    let place = try #require(mid.firstIndex { $0.hasPrefix(CompactionTexts.opening) })
    #expect(mid[place].contains("except the last one: you are working on it"))
    #expect(mid[..<place].suffix(2) == ["the first wish", "the second wish"])
    // Between two turns nothing is being worked on.
    harness.sink.mark("compact")
    let _: EmptyResponse = try await harness.call {
      harness.agent.threadCompactStart(ThreadCompactStartParams(threadId: thread), reply: $0)
    }
    _ = await harness.ended(await harness.begun(after: "compact"))
    try await harness.turn(thread, "third")
    let between = try #require(said(5).first { $0.hasPrefix(CompactionTexts.opening) })
    #expect(between.contains("All of them were handled: do not act on them again"))
    #expect(!between.contains("except the last one"))
  }
}
