import StetProtocol

/// The quiet line of a reading tool: an item that starts with the call and ends with its result.
struct ToolItem {
  /// What a client shows; the model gets the whole of it.
  static let shownLimit = 2_000

  let call: ToolCall
  let context: ToolContext

  /// Reads the arguments, then shows the call while `body` runs, and its end. Bad arguments make no item: there is
  /// nothing to show of a call that was none (protocol.md §4).
  static func run<Arguments>(
    _ call: ToolCall, _ context: ToolContext, _ read: (ToolArguments) throws(ToolArgumentError) -> Arguments,
    _ body: (Arguments) async -> ToolOutput
  ) async -> ToolOutput {
    do {
      let arguments = try read(try ToolArguments(call))
      return await ToolItem(call: call, context: context).show { await body(arguments) }
    } catch {
      return error.output
    }
  }

  private func show(_ body: () async -> ToolOutput) async -> ToolOutput {
    let started = ContinuousClock.now
    var item = DynamicToolCallItem(
      id: call.itemId, namespace: "stet", tool: call.name, arguments: call.arguments, status: .inProgress)
    context.items.started(.dynamicToolCall(item))
    let output = await body()
    item.status = output.success ? .completed : .failed
    item.success = output.success
    item.contentItems = [.inputText(text: String(output.text.prefix(Self.shownLimit)))]
    item.durationMs = Int(started.duration(to: .now) / .milliseconds(1))
    context.items.completed(.dynamicToolCall(item))
    return output
  }
}
