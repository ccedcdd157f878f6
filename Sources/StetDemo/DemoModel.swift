import StetAgent
import StetJSON

/// The scripted model as the agent sees it.
public struct DemoModel: ModelClient {
  /// The pause between two words at speed 1, in nanoseconds: about as fast as a person reads.
  private static let wordPause: UInt64 = 22_000_000

  /// Multiplies every pause; 0 streams without any.
  private let pace: Double

  /// - Parameter pace: `STET_DEMO_SPEED`: 0 for tests, 1 as people read, 2 twice as slow.
  public init(pace: Double = 1) { self.pace = pace.isFinite ? min(max(pace, 0), 20) : 1 }

  public func stream(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
    let step = DemoScript.step(for: DemoPrompt(request.input), tools: request.tools.names)
    // Ids must differ between requests of a thread and be the same for the same request.
    let serial = request.input.count
    let promptBytes = request.input.reduce(0) { $0 + $1.bytes.count }
    return AsyncThrowingStream { continuation in
      let task = Task {
        do {
          try await play(step, serial: serial, promptBytes: promptBytes, to: continuation)
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  private func play(
    _ step: DemoStep, serial: Int, promptBytes: Int,
    to continuation: AsyncThrowingStream<ModelEvent, any Error>.Continuation
  ) async throws {
    continuation.yield(.created(responseId: "demo_\(serial)"))
    if !step.reasoning.isEmpty { try await reason(step.reasoning, id: "rs_demo_\(serial)", to: continuation) }
    if !step.text.isEmpty { try await say(step.text, id: "msg_demo_\(serial)", to: continuation) }
    for (index, call) in step.calls.enumerated() {
      let item: JSONValue = [
        "type": "function_call", "id": "fc_demo_\(serial)_\(index)",
        "call_id": "call_demo_\(serial)_\(index)",
        "name": .string(call.name), "arguments": .string(call.arguments.text), "status": "completed",
      ]
      continuation.yield(.itemAdded(item))
      continuation.yield(.itemDone(item))
    }
    // Four bytes a token is the usual rule of thumb; the demo bills nobody.
    let output = (step.text.utf8.count + step.reasoning.utf8.count) / 4
    let cached = serial > 4 ? promptBytes / 5 : 0
    continuation.yield(.completed(ModelUsage(input: promptBytes / 4, cachedInput: cached, output: output)))
  }

  private func reason(
    _ text: String, id: String, to continuation: AsyncThrowingStream<ModelEvent, any Error>.Continuation
  ) async throws {
    continuation.yield(.itemAdded(["type": "reasoning", "id": .string(id), "summary": []]))
    continuation.yield(.reasoningPartAdded(itemId: id, index: 0))
    for word in Self.words(text) {
      continuation.yield(.reasoningSummaryDelta(itemId: id, index: 0, delta: word))
      try await pause()
    }
    let part: JSONValue = ["type": "summary_text", "text": .string(text)]
    continuation.yield(.itemDone(["type": "reasoning", "id": .string(id), "summary": [part]]))
  }

  private func say(
    _ text: String, id: String, to continuation: AsyncThrowingStream<ModelEvent, any Error>.Continuation
  ) async throws {
    let empty: JSONValue = [
      "type": "message", "id": .string(id), "role": "assistant", "status": "in_progress", "content": [],
    ]
    continuation.yield(.itemAdded(empty))
    for word in Self.words(text) {
      continuation.yield(.textDelta(itemId: id, delta: word))
      try await pause()
    }
    var whole = empty
    whole["status"] = "completed"
    whole["content"] = [["type": "output_text", "text": .string(text), "annotations": []]]
    continuation.yield(.itemDone(whole))
  }

  private func pause() async throws {
    try Task.checkCancellation()
    if pace > 0 { try await Task.sleep(nanoseconds: UInt64(Double(Self.wordPause) * pace)) }
  }

  /// The text in pieces that end behind a blank; joined they are the text.
  static func words(_ text: String) -> [String] {
    var words: [String] = []
    var current = ""
    for character in text {
      current.append(character)
      if character == " " || character == "\n" {
        words.append(current)
        current = ""
      }
    }
    return current.isEmpty ? words : words + [current]
  }
}
