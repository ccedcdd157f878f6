import StetProtocol

/// `write_stdin`: talks to a command that still runs, or looks what it wrote since.
struct WriteStdinTool: Tool {
  let name = "write_stdin"
  let access = ToolAccess.read

  var definition: JSONValue {
    ToolDefinition.function(
      name,
      "Write to a running session of exec_command that has a tty, and return its new output. Empty chars just waits.",
      [
        "session_id": ToolDefinition.number("The session ID."),
        "chars": ToolDefinition.text("What to write; \\u0003 is ctrl-c."),
        "yield_time_ms": ToolDefinition.number(
          "How long to wait. Default 1000; at most 300000 when chars is empty."),
        "max_output_tokens": ToolDefinition.number("As for exec_command."),
      ], required: ["session_id"])
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    do {
      return try await write(call, context)
    } catch let error as ToolArgumentError {
      return error.output
    } catch {
      return .failure("write_stdin failed: \(error)", "Start the command again.")
    }
  }

  private func write(_ call: ToolCall, _ context: ToolContext) async throws -> ToolOutput {
    let arguments = try ToolArguments(call)
    let session = try arguments.int("session_id", default: -1, in: Int.min...Int.max)
    let text = try arguments.optionalString("chars") ?? ""
    let range = text.isEmpty ? 5_000...300_000 : 250...30_000
    let yieldTime = try arguments.int("yield_time_ms", default: text.isEmpty ? 5_000 : 1_000, in: range)
    let limit = try OutputCutter.limit(arguments)
    let id = String(session)
    let live = context.processes.process(id) as? RunningCommand
    guard let running = live ?? context.endedCommands.take(id) else {
      return .failure(
        "write_stdin failed: Unknown process id \(id).",
        "It has ended and its output was returned, or it was never started; start it with exec_command.")
    }
    if !text.isEmpty, running.exitStatus == nil {
      context.items.progress(
        .terminalInteraction(
          TerminalInteractionNotification(
            threadId: context.threadId, turnId: context.turnId, itemId: running.itemId,
            processId: running.processId, stdin: text)), item: running.itemId)
      guard running.send(Array(text.utf8)) else {
        return .failure(
          "write_stdin failed: the process has no open input, or does not read it.",
          "Wait with empty chars, or start it anew with tty=true.")
      }
    }
    _ = await running.waitForEnd(.milliseconds(yieldTime))
    let report = CommandText.of(running, limit: limit)
    let told = await context.quarantineDesk.settle(await SandboxChoice.make(context), context)
    return .text(([report] + told).joined(separator: "\n"), success: running.exitStatus?.isSuccess ?? true)
  }
}
