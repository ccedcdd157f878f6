import StetProtocol

/// `write_stdin`: talks to a command that still runs, or looks what it wrote since.
struct WriteStdinTool: Tool {
  let name = "write_stdin"
  let access = ToolAccess.read

  var definition: JSONValue {
    ToolDefinition.function(
      name, "Write to a running session of exec_command and return its new output. Empty chars just waits.",
      [
        "session_id": ToolDefinition.number("The session ID."),
        "chars": ToolDefinition.text("What to write; \\u0003 is ctrl-c where it has a terminal."),
        "yield_time_ms": ToolDefinition.number(
          "How long to wait for output. Default 1000; at most 300000 when chars is empty."),
        "max_output_tokens": ToolDefinition.number("Cut the output to this."),
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
    let tokens = try arguments.int("max_output_tokens", default: Int.max, in: 1...Int.max)
    guard let running = context.processes.process(String(session)) as? RunningCommand else {
      return .failure(
        "write_stdin failed: Unknown process id \(session).",
        "It has ended, or was never started; start it with exec_command.")
    }
    if !text.isEmpty {
      context.items.progress(
        .terminalInteraction(
          TerminalInteractionNotification(
            threadId: context.threadId, turnId: context.turnId, itemId: running.itemId,
            processId: running.processId, stdin: text)), item: running.itemId)
      guard running.send(Array(text.utf8)) else {
        return .failure(
          "write_stdin failed: the process does not read its input, or has closed it.",
          "Wait with empty chars, or start it anew.")
      }
    }
    _ = await running.waitForEnd(.milliseconds(yieldTime))
    let limit = tokens < OutputCutter.defaultLimit / 4 ? tokens * 4 : OutputCutter.defaultLimit
    return .text(CommandText.of(running, limit: limit), success: running.exitStatus?.isSuccess ?? true)
  }
}
