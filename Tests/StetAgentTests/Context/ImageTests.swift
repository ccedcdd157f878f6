import StetProtocol
import StetTestSupport
import StetWorkspace
import Testing

@testable import StetAgent

/// Pictures on their way to the model (C10).
@Suite(.timeLimit(.minutes(10)))
struct ImageTests {
  private func size(_ url: String?) -> (width: Int, height: Int, bytes: Int)? {
    guard let url, let comma = url.firstIndex(of: ","),
      let bytes = try? StrictBase64.decode(String(url[url.index(after: comma)...])),
      let picture = Picture(bytes)
    else { return nil }
    return (picture.width, picture.height, bytes.count)
  }

  private func send(_ harness: AgentHarness, _ thread: String, _ input: [UserInput]) async throws -> Turn {
    let params = TurnStartParams(threadId: thread, input: input)
    let turn: TurnStartResponse = try await harness.call { harness.agent.turnStart(params, reply: $0) }
    return await harness.ended(turn.turn.id)
  }

  @Test(
    "C10: an attached file, one in the message and a tool's picture are sent with at most 2,048 pixels a side"
  )
  func c10_sizes() async throws {
    let large = TestPicture.png(width: 4_096, height: 512) { x, y in UInt8((x + y) / 64 % 256) }
    let url = "data:image/png;base64,\(StrictBase64.encode(large))"
    // Few bytes say nothing of the sides.
    let flat = TestPicture.png(width: 4_096, height: 8) { x, _ in UInt8(x / 512) }
    let flatURL = "data:image/png;base64,\(StrictBase64.encode(flat))"
    let tool = ScriptedTool("shoot") { _, _ in ToolOutput([.image(url: url)], success: true) }
    let harness = AgentHarness([.call("shoot", [:]), .text("seen")], tools: [tool], model: "gpt-5.5")
    harness.work.write("large.png", bytes: large)
    let thread = try await harness.start().thread.id
    let input: [UserInput] = [
      .text("look"), .localImage(path: "large.png", detail: nil), .image(ImageUserInput(url: url)),
      .image(ImageUserInput(url: flatURL)),
    ]
    #expect(try await send(harness, thread, input).status == .completed)
    let parts = harness.input(0).last?["content"]?.arrayValue ?? []
    try #require(parts.count == 6)
    for index in [2, 4] {
      let sent = try #require(size(parts[index]["image_url"]?.stringValue))
      #expect(sent.width == 2_048 && sent.height == 256 && sent.bytes <= 1_500_000)
    }
    #expect(flat.count < 100_000 && size(parts[5]["image_url"]?.stringValue)?.width == 2_048)
    let output = harness.input(1).last?["output"]?[0]?["image_url"]?.stringValue
    #expect(size(output)?.width == 2_048)
    harness.checkInvariants()
  }

  @Test("a picture that can't be sent is a line that says why; a model without eyes gets none from tools")
  func refused() async throws {
    let gif = Array("GIF89a".utf8) + [0x00, 0x20, 0x00, 0x20, 0, 0, 0]
    let url = "data:image/gif;base64,\(StrictBase64.encode(gif))"
    let tool = ScriptedTool("shoot") { _, _ in ToolOutput([.text("here"), .image(url: url)], success: true) }
    let harness = AgentHarness([.call("shoot", [:]), .text("seen")], tools: [tool], model: "gpt-5.5")
    harness.work.write("large.gif", bytes: gif)
    let thread = try await harness.start().thread.id
    _ = try await send(harness, thread, [.localImage(path: "large.gif", detail: nil)])
    let note = harness.input(0).last?["content"]?[0]?["text"]?.stringValue ?? ""
    #expect(note.contains("large.gif") && note.contains("8192 x 8192 pixels"))
    let output = harness.input(1).last?["output"]?.stringValue ?? ""
    #expect(output.contains("here\n[an image that can't be sent: "))

    let blind = AgentHarness([.call("shoot", [:]), .text("seen")], tools: [tool], model: "deepseek-chat")
    let other = try await blind.start().thread.id
    try await blind.turn(other, "look")
    #expect(blind.input(1).last?["output"]?.stringValue == "here\n[an image that this model can't be sent]")
  }

  @Test(
    "C10: after 20 pictures the oldest become lines with their paths, many at once, and the prefix holds between"
  )
  func c10_oldest() async throws {
    let small = TestPicture.png(width: 8, height: 8) { x, y in UInt8(x * y) }
    let tool = ScriptedTool("look") { _, _ in .text("seen") }
    let harness = AgentHarness((0..<12).map { .text("answer \($0)") }, tools: [tool], model: "gpt-5.5")
    for index in 0..<24 { harness.work.write("\(index).png", bytes: small) }
    let thread = try await harness.start().thread.id
    for turn in 0..<12 {
      let input = (0..<2).map { UserInput.localImage(path: "\(turn * 2 + $0).png", detail: nil) }
      #expect(try await send(harness, thread, input).status == .completed)
    }
    func pictures(_ request: Int) -> Int {
      harness.input(request).reduce(0) { $0 + PromptWeight.images($1) }
    }
    #expect(pictures(9) == 20)
    // The 22 are one too many: the eleventh message is sent whole, the oldest are lines now.
    #expect(pictures(10) == ImageMask.kept)
    #expect(pictures(11) == ImageMask.kept + 2)
    let first = harness.input(10).first {
      $0["content"]?[1]?["text"]?.stringValue?.contains("taken out") == true
    }
    #expect(first?["content"]?[1]?["text"]?.stringValue?.contains("it is 0.png]") == true)
    // One break of the prefix, told as a compaction.
    let breaks = harness.model.invariantViolations.filter { $0.kind == .prefixChanged }
    #expect(breaks.count == 1 && harness.model.invariantViolations.count == 1)
    let compactions = harness.order().filter { $0 == "started contextCompaction" }
    #expect(compactions.count == 1)
  }

  @Test(
    "C10: pictures that the model was not sent yet stay, however many; one of a tool goes into a file first")
  func c10_unseenAndToolPictures() throws {
    func image(_ name: String) -> JSONValue { ["type": "input_image", "image_url": .string("data:\(name)")] }
    let many = MessageItem.user((0..<25).map { image("u\($0)") })
    #expect(ImageMask([many], file: { _ in nil }).count == 0)
    let answered = ImageMask(
      [many, MessageItem.partialAssistant("seen")], file: { "/kept/\($0.dropFirst(5))" })
    #expect(answered.count == 15)
    #expect(
      answered.items[0]["content"]?[0]?["text"]?.stringValue
        == "[a picture was taken out to save room; it is /kept/u0]")
    #expect(answered.items[0]["content"]?[15]?["image_url"]?.stringValue == "data:u15")
    let call: JSONValue = [
      "type": "function_call", "call_id": "c", "name": "view_image", "arguments": #"{"path":"/p/a.png"}"#,
    ]
    let output: JSONValue = [
      "type": "function_call_output", "call_id": "c", "output": .array((0..<21).map { image("t\($0)") }),
    ]
    let masked = ImageMask([call, output, MessageItem.partialAssistant("x")], file: { _ in nil })
    #expect(
      masked.items[1]["output"]?[0]?["text"]?.stringValue
        == "[a picture was taken out to save room; it is /p/a.png]")
  }

  @Test("C8: the limit of a thread's files counts what an earlier process left")
  func c8_limitOverRestarts() {
    let home = TempDirectory("state")
    home.write("outputs/t/old.txt", String(repeating: "x", count: 1_000))
    let outputs = OutputFiles(directory: home.path("outputs/t"))
    #expect(!outputs.reserve(OutputFiles.limit - 999))
    #expect(outputs.reserve(OutputFiles.limit - 1_000))
    #expect(!outputs.reserve(1))
  }

  @Test("a kept picture lies in a private file of the thread, once")
  func keptFile() throws {
    let home = TempDirectory("state")
    let outputs = OutputFiles(directory: home.path("outputs/t"))
    let png = TestPicture.png(width: 2, height: 2) { _, _ in 7 }
    let url = "data:image/png;base64,\(StrictBase64.encode(png))"
    let path = try #require(outputs.keep(picture: url))
    #expect(outputs.keep(picture: url) == path && path.hasSuffix(".png"))
    #expect(CappedFile.read(path, limit: 10_000) == .bytes(png))
    #expect(outputs.keep(picture: "https://example.org/a.png") == nil)
  }
}
