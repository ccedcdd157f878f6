import StetProcess
import StetProtocol

/// `exec_command`: runs a shell command in its own process group, sandboxed as the policy says (T8).
struct ExecCommandTool: Tool {
  let name = "exec_command"
  let access = ToolAccess.read

  var definition: JSONValue {
    ToolDefinition.function(
      name,
      "Run a shell command (bash). Returns its output, or a session ID if it still runs after yield_time_ms.",
      [
        "cmd": ToolDefinition.text("The command."),
        "workdir": ToolDefinition.text("Directory to run in; default: the thread's."),
        "tty": ToolDefinition.flag("Give it a terminal. Default false."),
        "yield_time_ms": ToolDefinition.number("How long to wait for the end. Default 10000, at most 30000."),
        "max_output_tokens": ToolDefinition.number("Cut the output to this."),
        "sandbox_permissions": [
          "type": "string", "enum": ["use_default", "require_escalated"],
          "description": "require_escalated asks the user to run it outside the sandbox.",
        ],
        "justification": ToolDefinition.text(
          "With require_escalated: one question for the user, why it is needed."),
      ], required: ["cmd"])
  }

  /// A patch in disguise is a write: it runs alone.
  func access(of call: ToolCall) -> ToolAccess {
    call.arguments["cmd"]?.stringValue.flatMap(ApplyPatchTool.disguisedPatch) == nil ? .read : .write
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    let arguments: ExecArguments
    do {
      arguments = try ExecArguments(call, context)
    } catch {
      return error.output
    }
    if let patch = ApplyPatchTool.disguisedPatch(arguments.script) {
      return await ApplyPatchTool.apply(patch.text, in: patch.directory, call, context)
    }
    let choice = await SandboxChoice.make(context)
    let approval = CommandApproval(call: call, arguments: arguments, context: context, sandbox: choice)
    switch await approval.settle() {
    case .run(let sandboxed, let item): return await start(arguments, item, sandboxed ? choice : nil, context)
    case .answer(let output): return output
    }
  }

  private func start(
    _ arguments: ExecArguments, _ item: CommandExecutionItem, _ sandbox: SandboxChoice?,
    _ context: ToolContext
  ) async -> ToolOutput {
    let wasShown = context.items.isOpen(item.id)
    var item = item
    item.processId = context.processes.nextId()
    item.source = .unifiedExecStartup
    let process: ProcessSession
    do {
      var command = Command(
        argv: arguments.argv, cwd: arguments.cwd,
        environment: await CommandEnvironment.make(context, arguments),
        stdin: .pipe)
      if arguments.tty { command.pty = TerminalSize(rows: 40, columns: 120) }
      command.sandbox = try await sandbox?.launch(context, cwd: arguments.cwd)
      process = try ProcessSession.start(command)
    } catch {
      return failed(item, wasShown, "The command could not be started: \(error)", context)
    }
    if wasShown {
      context.items.updated(.commandExecution(item))
    } else {
      context.items.started(.commandExecution(item))
    }
    let running = RunningCommand(process: process, item: item, command: arguments.script, context: context) {
      await sandbox?.sweep(after: process, context)
    }
    if let evicted = context.processes.add(running) {
      context.items.warn("More than \(ProcessRegistry.limit) commands run; `\(evicted.command)` was ended.")
      Task { await evicted.terminate() }
    }
    return await wait(for: running, arguments.yieldTime, limit: arguments.outputLimit, context)
  }

  private func wait(
    for running: RunningCommand, _ limit: Duration, limit outputLimit: Int, _ context: ToolContext
  ) async -> ToolOutput {
    let ended = await running.waitForEnd(limit)
    if Task.isCancelled, !ended {
      running.interrupt()
      return .text(
        "aborted by user after \(Int(running.elapsedSeconds)) seconds\n"
          + CommandText.of(running, limit: outputLimit), success: false)
    }
    if !ended { context.items.detach(running.itemId) }
    return .text(CommandText.of(running, limit: outputLimit), success: running.exitStatus?.isSuccess ?? true)
  }

  private func failed(
    _ item: CommandExecutionItem, _ wasShown: Bool, _ cause: String, _ context: ToolContext
  ) -> ToolOutput {
    var item = item
    item.processId = nil
    if !wasShown { context.items.started(.commandExecution(item)) }
    item.status = .failed
    item.aggregatedOutput = cause
    context.items.completed(.commandExecution(item))
    return .failure(cause, "Check the working directory and the command.")
  }
}
