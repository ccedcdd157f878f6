import StetProtocol

/// A tool that the client runs: `item/tool/call` goes out, what comes back is untrusted.
struct DynamicTool: Tool {
  /// Milliseconds without any client after which a call fails: long enough to connect again.
  static let absenceMs = 30_000
  /// Bytes of one picture; what is larger is named instead of sent.
  static let imageLimit = 8 << 20

  let name: String
  let namespace: String?
  /// The name as the client knows it.
  let tool: String
  let about: String
  let schema: JSONValue
  /// What it does is unknown: it runs alone.
  let access = ToolAccess.write

  var definition: JSONValue {
    [
      "type": "function", "name": .string(name), "description": .string(about), "strict": false,
      "parameters": schema,
    ]
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    let started = ContinuousClock.now
    var item = DynamicToolCallItem(
      id: call.itemId, namespace: namespace, tool: tool, arguments: call.arguments, status: .inProgress)
    context.items.started(.dynamicToolCall(item))
    let answer = await context.approvals.ask(
      .toolCall(
        DynamicToolCallParams(
          threadId: context.threadId, turnId: context.turnId, callId: call.callId, namespace: namespace,
          tool: tool, arguments: call.arguments)), waiting: .client, absenceMs: Self.absenceMs)
    let output: ToolOutput
    switch answer {
    case .answered(let value):
      do {
        let response = try value.decode(DynamicToolCallResponse.self)
        item.contentItems = response.contentItems
        item.success = response.success
        output = Self.output(response, call, context)
      } catch {
        output = .failure("\(name) failed: the client's answer could not be read.", "Go on without it.")
      }
    case .failed(let error):
      output = .failure("\(name) failed: \(error.message)", "Go on without it, or try once more.")
    case .cancelled:
      output = .text("aborted by user", success: false)
    }
    item.status = output.success ? .completed : .failed
    item.success = item.success ?? false
    item.durationMs = Int(started.duration(to: .now) / .milliseconds(1))
    context.items.completed(.dynamicToolCall(item))
    return output
  }

  private static func output(
    _ response: DynamicToolCallResponse, _ call: ToolCall, _ context: ToolContext
  ) -> ToolOutput {
    var content: [ToolOutput.Content] = []
    var text: [String] = []
    for item in response.contentItems {
      switch item {
      case .inputText(let part): text.append(part)
      case .inputImage(let url):
        if !context.model.images {
          text.append("[an image, which this model does not see]")
        } else if url.utf8.count > imageLimit {
          text.append("[an image of more than \(imageLimit >> 20) MiB, left out]")
        } else {
          content.append(.image(url: url))
        }
      case .inputAudio: text.append("[audio, which can't be passed on]")
      case .unknown(let value): text.append(value.text)
      }
    }
    let whole = text.joined(separator: "\n")
    if !whole.isEmpty || content.isEmpty {
      content.insert(.text(LongOutput.cut(whole, call, context.outputs)), at: 0)
    }
    return ToolOutput(content, success: response.success)
  }
}
