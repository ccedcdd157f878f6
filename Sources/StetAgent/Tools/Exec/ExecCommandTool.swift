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
        "tty": ToolDefinition.flag("Give it a terminal and an open input. Default false."),
        "yield_time_ms": ToolDefinition.number("How long to wait for the end. Default 10000, at most 30000."),
        "max_output_tokens": ToolDefinition.number("Cut the output to this. Default 2500, at most 10000."),
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
      let directory = patch.directory.map { PathText.join(arguments.cwd, $0) } ?? arguments.cwd
      return await ApplyPatchTool.apply(patch.text, in: directory, call, context)
    }
    var sandbox = await SandboxChoice.make(context)
    while true {
      let approval = CommandApproval(call: call, arguments: arguments, context: context, sandbox: sandbox)
      switch await approval.settle() {
      case .answer(let output): return output
      case .run(let sandboxed, let item):
        do {
          // Taken before the walls: it may take seconds, and the walls stand for what is on disk now.
          let environment = await CommandEnvironment.make(context, arguments)
          await context.protectedSweep.running()
          let walls = sandboxed ? try await sandbox.launch(context, cwd: arguments.cwd) : nil
          return await start(arguments, item, environment, walls, sandbox, context)
        } catch {
          // Walls that can't be made are a question to the user, never a reason to run without.
          sandbox = sandbox.broken("\(error)")
        }
      }
    }
  }

  private func start(
    _ arguments: ExecArguments, _ item: CommandExecutionItem, _ environment: [String: String],
    _ walls: SandboxLaunch?, _ sandbox: SandboxChoice, _ context: ToolContext
  ) async -> ToolOutput {
    var item = item
    let wasShown = context.items.isOpen(item.id)
    let window = await context.changes.willRun(arguments.script)
    // Interrupted on the way here: nothing may start any more.
    if Task.isCancelled {
      item.status = .failed
      context.items.completed(.commandExecution(item))
      await context.changes.didRun(window)
      return .text("aborted by user before it ran", success: false)
    }
    let network = CommandNetwork.make(walls, item, context)
    var command = Command(
      argv: arguments.argv, cwd: arguments.cwd, environment: environment,
      // Without a terminal nobody types: an open pipe would make programs wait that read their input if they can.
      stdin: arguments.tty ? .pipe : .null, sandbox: network?.walls(walls) ?? walls,
      followsDescendants: true)
    if arguments.tty { command.pty = TerminalSize(rows: 40, columns: 120) }
    let process: ProcessSession
    do {
      process = try ProcessSession.start(command)
    } catch {
      await context.changes.didRun(window)
      return failed(item, wasShown, "The command could not be started: \(error)", context)
    }
    item.processId = context.processes.nextId()
    item.source = .unifiedExecStartup
    if wasShown {
      context.items.updated(.commandExecution(item))
    } else {
      context.items.started(.commandExecution(item))
    }
    let running = RunningCommand(
      process: process, item: item, command: arguments.script, outputLimit: arguments.outputLimit,
      context: context, network: network?.gate
    ) {
      network?.end()
      await context.protectedSweep.after([process.sandbox].compactMap(\.self))
      await context.changes.didRun(window)
    }
    if let evicted = context.processes.add(running) {
      context.items.warn("More than \(ProcessRegistry.limit) commands run; `\(evicted.command)` was ended.")
      Task { await evicted.terminate() }
    }
    network?.begin { [weak running] in
      network?.end()
      Task { await running?.terminate() }
    }
    return await wait(for: running, network, arguments, sandbox, context)
  }

  private func wait(
    for running: RunningCommand, _ network: CommandNetwork?, _ arguments: ExecArguments,
    _ sandbox: SandboxChoice, _ context: ToolContext
  ) async -> ToolOutput {
    // The command may live on for the grace of its TERM, and an answer may be on its way: with the interrupt, in the
    // same moment, its way out is gone.
    let ended = await withTaskCancellationHandler {
      var ended = await running.waitForEnd(arguments.yieldTime)
      // While the user reads a question, it is not the command that takes its time.
      while !ended, !Task.isCancelled, let gate = network?.gate, gate.isAsking {
        await gate.settle()
        ended = await running.waitForEnd(arguments.yieldTime)
      }
      return ended
    } onCancel: {
      network?.end()
    }
    if Task.isCancelled, !ended {
      network?.end()
      running.interrupt()
      return .text(
        "aborted by user\n" + CommandText.of(running, limit: arguments.outputLimit), success: false)
    }
    if !ended { running.yieldToBackground() }
    let text = CommandText.of(running, limit: arguments.outputLimit)
    let told = ended ? await context.quarantineDesk.settle(sandbox, context) : []
    var output = ToolOutput.text(
      ([text] + told).joined(separator: "\n"), success: running.exitStatus?.isSuccess ?? true)
    output.interruptsTurn = running.network?.stopsTurn == true
    return output
  }

  private func failed(
    _ item: CommandExecutionItem, _ wasShown: Bool, _ cause: String, _ context: ToolContext
  ) -> ToolOutput {
    var item = item
    if !wasShown { context.items.started(.commandExecution(item)) }
    item.status = .failed
    item.aggregatedOutput = cause
    context.items.completed(.commandExecution(item))
    return .failure(cause, "Check the working directory and the command.")
  }
}
