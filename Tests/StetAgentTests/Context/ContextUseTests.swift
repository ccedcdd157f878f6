import Logging
import StetProtocol
import StetTestSupport
import Synchronization
import Testing

@testable import StetAgent

/// What the window is filled with, and what of it the provider had cached.
@Suite(.timeLimit(.minutes(10)))
struct ContextUseTests {
  private func uses(_ harness: AgentHarness) -> [StetContextUse] {
    harness.sink.notifications.compactMap {
      if case .threadTokenUsageUpdated(let value) = $0 { value.stet } else { nil }
    }
  }

  private func read(_ harness: AgentHarness, _ thread: String) async throws -> StetContextUse {
    try await harness.call {
      harness.agent.contextRead(StetContextReadParams(threadId: thread), reply: $0)
    }
  }

  @Test("what the window holds: prompt, documents, tool output, conversation; the parts are the whole")
  func parts() async throws {
    let work = TempDirectory("work")
    work.makeDirectory(".git")
    work.write("AGENTS.md", String(repeating: "A rule of forty characters, more or less.\n", count: 200))
    let tool = ScriptedTool("look") { _, _ in .text(String(repeating: "line of output\n", count: 1_000)) }
    let harness = AgentHarness(
      [
        .respond([.call("look", [:])], usage: .init(input: 4_000)),
        .respond([.text("done")], usage: .init(input: 8_000)),
      ], tools: [tool],
      provider: "[projects.\"\(work.path)\"]\ntrust_level = \"trusted\"", work: work)
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "look at it")
    let use = try #require(uses(harness).last)
    #expect(use.tokens > 8_000 && use.window == 100_000 && use.limit == 75_424)
    #expect(use.prompt + use.documents + use.toolOutput + use.conversation == use.tokens)
    // 15,000 bytes of output, 8,400 of documents, some 3,000 of prompt, a few words.
    #expect(use.toolOutput > use.documents && use.documents > use.prompt && use.prompt > use.conversation)
    #expect(use.prompt > 0 && use.conversation > 0)
    // The same for who asks, and what a compaction would keep; nothing is changed by it.
    let asked = try await read(harness, thread)
    #expect(asked.tokens == use.tokens && asked.toolOutput == use.toolOutput)
    #expect((asked.keptMessages ?? 0) > 0 && (asked.keptCalls ?? 0) > 3_000 && asked.canUndo == false)
    #expect(harness.model.requests.count == 2)
  }

  @Test("P11: each request tells what could have been cached, what was, and the first item that differs")
  func p11_firstDifference() async throws {
    let log = LogLines()
    let summary = String(repeating: "What was done. ", count: 30)
    let harness = AgentHarness(
      [
        .respond([.text("one")], usage: .init(input: 10_000)),
        .respond([.text("two")], usage: .init(input: 11_000, cached: 9_900)),
        .text(summary),
        .respond([.text("three")], usage: .init(input: 9_000, cached: 1_000)),
        .respond([.text("four")], usage: .init(input: 9_500, cached: 0)),
      ], log: log.logger)
    let thread = try await harness.start().thread.id
    try await harness.turn(thread, "first")
    #expect(uses(harness).last?.cacheable == nil, "nothing to compare with")
    try await harness.turn(thread, "second")
    let kept = try #require(uses(harness).last)
    #expect(kept.cacheable == 10_000 && kept.cached == 9_900 && kept.cacheMiss == nil)
    #expect(log.all.isEmpty)
    harness.sink.mark("compact")
    let _: EmptyResponse = try await harness.call {
      harness.agent.threadCompactStart(ThreadCompactStartParams(threadId: thread), reply: $0)
    }
    _ = await harness.ended(await harness.begun(after: "compact"))
    try await harness.turn(thread, "third")
    // The layers and the first message are as before; then a message stands where the first answer stood.
    let lost = try #require(uses(harness).last)
    #expect(lost.cacheMiss == "input[3]: message (user) in place of message (assistant)")
    #expect(log.all.count == 1 && log.all[0].contains("first difference: input[3]: message (user)"))
    try await harness.turn(thread, "fourth")
    // A provider that has told of cached tokens before, and kept nothing of what was the same.
    #expect(uses(harness).last?.cacheMiss == "nothing differs: the provider kept less than it could")
    #expect(log.all.count == 2)
  }

  @Test("P11: a provider that never tells of cached tokens is not blamed; short prompts are no matter")
  func p11_noFalseAlarm() {
    func request(_ items: [PromptItem], model: String = "m") -> CacheWatch.Request {
      CacheWatch.Request(provider: "p", model: model, tools: [1, 2], items: items)
    }
    let long = (0..<4).map { PromptItem(MessageItem.user("\($0) " + String(repeating: "x", count: 4_000))) }
    var silent = CacheWatch()
    for count in 1...4 {
      silent.sends(request(Array(long.prefix(count))))
      let use = silent.note(ModelUsage(input: count * 1_100, output: 1))
      #expect(use?.miss == nil)
    }
    var short = CacheWatch()
    short.sends(request(Array(long.prefix(1))))
    _ = short.note(ModelUsage(input: 900, cachedInput: 500, output: 1))
    short.sends(request(Array(long.suffix(1))))
    #expect(short.note(ModelUsage(input: 900, output: 1))?.miss == nil)
    var moved = CacheWatch()
    moved.sends(request(long))
    _ = moved.note(ModelUsage(input: 4_400, output: 1))
    moved.sends(request(long, model: "n"))
    #expect(moved.note(ModelUsage(input: 4_400, output: 1))?.miss == "the model: m before, n now")
    moved.sends(request(Array(long.prefix(2)), model: "n"))
    let gone = moved.note(ModelUsage(input: 2_200, output: 1))
    #expect(gone?.miss == "input[2] is gone: message (user)")
  }

  @Test("P1: request n costs what is new in it: earlier items keep their bytes, they are not written again")
  func p1_bytesAreKept() async throws {
    let client = CountingClient()
    let tool = ScriptedTool("look") { call, _ in .text("saw \(call.arguments.text)") }
    let harness = AgentHarness([], tools: [tool], client: client)
    let thread = try await harness.start().thread.id
    for turn in 0..<6 { try await harness.turn(thread, "turn \(turn)") }
    let requests = client.requests
    #expect(requests.count == 6)
    for (earlier, later) in zip(requests, requests.dropFirst()) {
      #expect(later.input.count > earlier.input.count)
      for (old, new) in zip(earlier.input, later.input) { #expect(isSame(old.bytes, new.bytes)) }
      #expect(isSame(earlier.tools.bytes, later.tools.bytes))
    }
  }

  /// The same memory, not only equal contents.
  private func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.withUnsafeBufferPointer { a in right.withUnsafeBufferPointer { a.baseAddress == $0.baseAddress } }
  }
}

/// A model that answers every request with a word and keeps what it was asked.
private final class CountingClient: ModelClient {
  private let kept = Mutex<[ModelRequest]>([])

  var requests: [ModelRequest] { kept.withLock { $0 } }

  func stream(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
    let number = kept.withLock { kept in
      kept.append(request)
      return kept.count
    }
    return AsyncThrowingStream { continuation in
      continuation.yield(
        .itemDone([
          "type": "message", "role": "assistant", "id": .string("m\(number)"),
          "content": [["type": "output_text", "text": "yes"]],
        ]))
      continuation.yield(.completed(ModelUsage(input: 100, output: 1)))
      continuation.finish()
    }
  }
}

/// The lines that a logger was given.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }
  var logger: Logger { Logger(label: "test") { [self] _ in Handler(lines: self) } }

  private struct Handler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.notice

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(
      level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata?, source: String, file: String,
      function: String, line: UInt
    ) {
      lines.lines.withLock { $0.append("\(message)") }
    }
  }
}
