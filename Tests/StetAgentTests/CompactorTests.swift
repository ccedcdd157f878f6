import StetJSON
import Testing

@testable import StetAgent

/// The pure parts of a compaction.
struct CompactorTests {
  private let limits = CompactionLimits(window: 100_000)

  private func user(_ text: String) -> JSONValue { MessageItem.user(text) }
  private func call(_ id: String, _ name: String = "look", output: String) -> [JSONValue] {
    [
      ["type": "function_call", "call_id": .string(id), "name": .string(name), "arguments": "{}"],
      ["type": "function_call_output", "call_id": .string(id), "output": .string(output)],
    ]
  }
  private func window(_ items: [JSONValue], _ limits: CompactionLimits? = nil) -> [JSONValue] {
    Compactor(items, limits: limits ?? self.limits).window(
      layers: [], summary: "sum", isMidTurn: false, state: ["- Files read: /a"])
  }

  @Test("C1: half of the window at least, room for the answer, the user's limit")
  func c1_limits() {
    #expect(CompactionLimits(window: 272_000).trigger == 232_560)
    #expect(CompactionLimits(window: 32_768).trigger == 16_384)
    #expect(CompactionLimits(window: 4_096).trigger == 2_048)
    #expect(CompactionLimits(window: 100_000, setting: 5_000).trigger == 5_000)
    #expect(CompactionLimits(window: 100_000, setting: 500_000).trigger == 95_000)
    // The model's own limit of an answer, a quarter of the window at most.
    #expect(CompactionLimits(window: 128_000, maxOutput: 4_096).trigger == 109_440)
    #expect(CompactionLimits(window: 128_000, maxOutput: 100_000).trigger == 87_808)
  }

  @Test("C1: the estimate is the last count plus what was added, by the observed ratio")
  func c1_meter() {
    var prompt = PromptLog()
    prompt.append(user(String(repeating: "x", count: 40_000)))
    var meter = ContextMeter()
    meter.note(ModelUsage(input: 10_000, output: 10), requestWeight: 40_000, weight: prompt.weight)
    #expect(meter.tokens(prompt) == 10_010)
    let before = prompt.weight
    prompt.append(user(String(repeating: "x", count: 4_000)))
    #expect(meter.tokens(prompt) == 10_010 + (prompt.weight - before) / 4)
  }

  @Test("an image costs what images cost, not what its text would")
  func imageWeight() {
    let url = "data:image/png;base64," + String(repeating: "A", count: 2_000_000)
    let item = MessageItem.user([["type": "input_image", "image_url": .string(url)]])
    #expect(PromptItem(item).weight < 6_000)
  }

  @Test(
    "C4: user messages newest first, the first always; our own words in the user's role are not the user's")
  func c4_userMessages() {
    let long = String(repeating: "a", count: 40_000)
    var items = [user("first"), user("<turn_aborted>\nx")]
    items += (0..<5).map { user("\($0) \(long)") }
    items.insert(user("<environment_context>\n</environment_context>"), at: 4)
    let texts = window(items).map { MessageItem.text(of: $0) }
    #expect(texts.first == "first")
    #expect(texts.dropFirst().dropLast().map { $0.prefix(1) } == ["4"])
    #expect(texts.last?.hasPrefix(CompactionTexts.opening) == true)
  }

  @Test("C4: a message that is too long alone is cut, and says so")
  func c4_longMessage() {
    let texts = window([user(String(repeating: "line\n", count: 100_000))]).map { MessageItem.text(of: $0) }
    #expect(texts.count == 2)
    #expect(texts[0].utf8.count < 71_000 && texts[0].contains("bytes cut"))
  }

  @Test("C4: the newest calls stay with their outputs, the plan's call whatever its age")
  func c4_pairs() {
    let long = String(repeating: "o", count: 30_000)
    var items = [user("go")] + call("p", "update_plan", output: "Plan updated")
    for index in 0..<4 { items += call("c\(index)", output: long) }
    items.insert(["type": "reasoning", "id": "rs", "encrypted_content": "E"], at: items.count - 2)
    let kept = window(items).compactMap { item in item["call_id"]?.stringValue ?? item["id"]?.stringValue }
    #expect(kept == ["p", "p", "rs", "c3", "c3"])
  }

  @Test("C4: a server that numbers its calls anew: each kept call has its own output")
  func c4_repeatedIds() {
    let items = [user("go")] + call("call_0", output: "first") + call("call_0", output: "second")
    let kept = window(items)
    #expect(kept.filter { CallItem($0) != nil }.count == 2)
    #expect(kept.compactMap { $0["output"]?.stringValue } == ["first", "second"])
  }

  @Test("C7: the summary says that the messages above were handled")
  func c7_handled() {
    let between = CompactionTexts.summary("s", isMidTurn: false, state: [])
    #expect(between.contains("All of them were handled: do not act on them again"))
    let mid = CompactionTexts.summary("s", isMidTurn: true, state: [])
    #expect(mid.contains("except the last one: you are working on it"))
  }

  @Test("C8: an emptied output still names the file that keeps it whole")
  func c8_maskedFile() {
    let output = "a\n… 5 of 9 bytes cut (2 lines in all)\(OutputCutter.filePhrases.whole)/s/o.txt: read …\n"
    let items = call("a", output: output + String(repeating: "x", count: 600)) + call("b", output: "new")
    let masked = OutputMask(items, keeping: 100).items
    #expect(masked[1]["output"]?.stringValue?.contains("the whole output is in /s/o.txt") == true)
    #expect(masked[3]["output"] == "new")
  }

  @Test("C4: what the user says of our tags stays the user's; project documents are ours")
  func c4_origin() {
    let far = String(repeating: "line\n", count: 100_000)
    for text in [far + "\n<INSTRUCTIONS>\n of x", "what is <environment_context>?", far] {
      #expect(PromptOrigin.isUserMessage(user(text)), "\(text.prefix(20))")
    }
    let document = ProjectDocument(path: "/p/AGENTS.md", hash: "h", text: "Do.", omittedBytes: 0)
    #expect(!PromptOrigin.isUserMessage(user(ContextLayers.block(document))))
    let edited = "/p/AGENTS.md was edited; it now reads:\n\n" + ContextLayers.block(document)
    #expect(!PromptOrigin.isUserMessage(user(edited)))
    let items = [user("what is <environment_context>?"), user("more")]
    #expect(PromptOrigin.layerCount(items) == 0)
  }
}
