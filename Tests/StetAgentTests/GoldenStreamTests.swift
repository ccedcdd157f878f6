import StetJSON
import StetNet
import StetTestSupport
import Testing

@testable import StetAgent

/// V1: what each server makes of its wire, recorded; the events are the same for all.
struct GoldenStreamTests {
  private static let tools = PromptTools([
    ["type": "function", "name": "read", "parameters": ["properties": ["path": ["type": "string"]]]],
    [
      "type": "function", "name": "write",
      "parameters": [
        "properties": [
          "path": ["type": "string"], "content": ["type": "string"], "mode": ["type": "integer"],
        ]
      ],
    ],
  ])

  static let chat = [
    "chat-openai", "chat-ollama", "chat-litellm-zero-index", "chat-no-index", "chat-no-ids", "chat-gemini",
    "chat-mistral", "chat-zai", "chat-openrouter", "chat-openrouter-sealed", "chat-openrouter-error",
    "chat-error-object", "chat-overflow-in-stream", "chat-lmstudio", "chat-vllm", "chat-llamacpp",
    "chat-llamacpp-gemma", "chat-groq", "chat-usage-in-choice", "chat-deepseek", "chat-length-in-arguments",
    "chat-cut",
    "chat-done-without-reason", "chat-only-done", "chat-crlf-and-comments", "chat-legacy-function-call",
    "chat-whole-message", "chat-filtered", "chat-silent-overflow", "chat-repeated-id", "text-hermes",
    "text-qwen", "text-unknown-tool", "text-cut", "text-without-end",
  ]
  static let messages = [
    "messages-whole", "messages-overloaded", "messages-overflow", "messages-max-tokens", "messages-refusal",
    "messages-pause", "messages-input-at-start", "messages-unknown-events", "messages-cut",
    "messages-repeated-id", "messages-proxy", "messages-llamacpp",
  ]

  static let responses = ["responses-llamacpp"]
  private static let all = chat + messages + responses

  private func decoder(_ name: String) -> any WireDecoder {
    if name.hasPrefix("responses") { return ResponsesDecoder() }
    if name.hasPrefix("messages") { return MessagesDecoder(callIds: ["call_used"]) }
    let texts = name.hasPrefix("text") ? TextCalls(Self.tools) : nil
    return ChatDecoder(callIds: ["call_used"], textCalls: texts)
  }

  @Test("V1: the recorded streams give the recorded events", arguments: all)
  func v1_recordedStreams(name: String) throws {
    let lines = GoldenStream.lines([try GoldenStream.bytes(name)], decoder(name))
    try Golden.checkText(lines.joined(separator: "\n") + "\n", "streams/" + name)
  }

  @Test("V1: the same when the streams are split at any byte", arguments: all)
  func v1_splitAnywhere(name: String) throws {
    let bytes = try GoldenStream.bytes(name)
    let whole = GoldenStream.lines([bytes], decoder(name))
    #expect(GoldenStream.lines(bytes.map { [$0] }, decoder(name)) == whole)
    var parser = SSEParser()
    let events = try parser.feed(bytes)
    // A decoder sees whole events only, so it is enough that they are the same.
    for cut in 0...bytes.count {
      var parser = SSEParser()
      let parts = try parser.feed(Array(bytes[..<cut])) + parser.feed(Array(bytes[cut...]))
      #expect(parts == events, "cut at \(cut)")
    }
  }

  @Test("V7: without the flag, calls in text stay text", arguments: chat.filter { $0.hasPrefix("text") })
  func v7_unflagged(name: String) throws {
    let lines = GoldenStream.lines([try GoldenStream.bytes(name)], ChatDecoder())
    #expect(!lines.contains { $0.firstRange(of: "function_call") != nil })
    #expect(lines.contains { $0.hasPrefix("done ") && $0.firstRange(of: "<tool_call>") != nil })
  }

  @Test("V7: a call in text may come letter by letter; what only looks like one is shown at once")
  func v7_letterByLetter() {
    let text = #"a<b <tool_call>{"name":"read","arguments":{"path":"x"}}</tool_call> <tool"#
    var calls = TextCalls(Self.tools)
    var pieces = text.flatMap { calls.feed(String($0)) }
    #expect(pieces.first == .text("a"))
    pieces += calls.finish(isCut: false)
    let said = pieces.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined()
    #expect(said == "a<b  <tool")
    #expect(pieces.contains(.call(name: "read", arguments: #"{"path":"x"}"#)))
    var ghost = TextCalls(Self.tools)
    let unknown = #"<tool_call>{"name":"ghost"}</tool_call>"#
    #expect(ghost.feed(unknown + " and so on") == [.text(unknown), .text(" and so on")])
  }

  @Test("hostile chunks are skipped or refused, not trapped on")
  func hostile() {
    let chunks = [
      "null", "[]", "1", "\"x\"", "{}", #"{"choices":{}}"#, #"{"choices":[1]}"#,
      #"{"choices":[{"delta":7}]}"#, #"{"choices":[{"delta":{"tool_calls":[1,null,{"index":-1}]}}]}"#,
      #"{"choices":[{"delta":{"tool_calls":[{"index":9223372036854775807,"function":{"name":"a"}}]}}]}"#,
      #"{"choices":[{"delta":{"content":[[],null,{"thinking":{}}],"reasoning_details":[1]}}]}"#,
      #"{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":-3,"total_tokens":1e300}}"#,
      #"{"type":"content_block_delta","index":4,"delta":{}}"#, #"{"type":"content_block_start"}"#,
      #"{"type":"content_block_stop","index":-9223372036854775808}"#, #"{"type":"message_delta"}"#,
      #"{"type":"message_start","message":{"usage":{"input_tokens":-1,"cache_read_input_tokens":1e99}}}"#,
      #"{"type":"message_stop"}"#,
    ]
    for decoder in [ChatDecoder() as any WireDecoder, MessagesDecoder()] {
      let pieces = chunks.map { Array("data: \($0)\n\n".utf8) }
      #expect(GoldenStream.lines(pieces, decoder).last == "whole")
    }
    #expect(GoldenStream.lines([Array("data: {\n\n".utf8)], ChatDecoder()).last?.hasPrefix("failed") == true)
  }

  @Test("an answer without end is ended")
  func endless() throws {
    var decoder = ChatDecoder()
    let delta = String(repeating: "x", count: 8 << 20)
    let chunk = JSONValue.object(["choices": [["delta": ["content": .string(delta)]]]]).text
    #expect(throws: ModelError.self) {
      for _ in 0..<9 { _ = try decoder.decode(chunk) }
    }
  }
}
