import StetJSON
import StetProcess
import StetProtocol

/// A command of the user (`thread/shellCommand`): outside the sandbox, in the server's environment less its secrets
/// (S8). Its output goes into the history of the model.
struct UserShell: Sendable {
  /// Codex's limit where the client sets none.
  static let defaultTimeoutMs = 3_600_000

  let command: String
  let timeoutMs: Int
  let itemId: String
  let context: ToolContext

  /// Runs it to its end, or until the task is cancelled; what the model is told of it.
  func run() async -> JSONValue {
    let argv = [ExecArguments.shell, "-c", command]
    var item = CommandExecutionItem(
      id: itemId, command: ShellQuoting.join(argv), cwd: context.settings.cwd, source: .userShell,
      status: .inProgress, commandActions: CommandActions.of(command))
    context.items.started(.commandExecution(item))
    await context.protectedSweep.running()
    let environment = EnvironmentPolicy(excluded: context.secretNames).forClient(context.processEnvironment)
    let process: ProcessSession
    do {
      process = try ProcessSession.start(
        Command(
          argv: argv, cwd: context.settings.cwd, environment: environment, followsDescendants: true))
    } catch {
      let cause = "The command could not be started: \(error)"
      item.status = .failed
      item.aggregatedOutput = cause
      context.items.completed(.commandExecution(item))
      return message([cause])
    }
    process.setTimeLimit(.milliseconds(timeoutMs))
    let running = RunningCommand(
      process: process, item: item, command: command, outputLimit: OutputCutter.defaultLimit,
      context: context,
      processId: context.processes.nextId()
    ) {}
    if let evicted = context.processes.add(running) { Task { await evicted.terminate() } }
    let ended = await running.waitForEnd(.milliseconds(timeoutMs) + .seconds(10))
    if !ended { running.interrupt() }
    return message(lines(running, process, ended: ended))
  }

  private func lines(_ running: RunningCommand, _ process: ProcessSession, ended: Bool) -> [String] {
    let (output, file) = running.takeUnread()
    let tenths = Int(running.elapsed / .milliseconds(100))
    var lines: [String] = []
    if process.reachedTimeLimit {
      lines.append("Ended after its time limit of \(timeoutMs) ms")
    } else if ended, !running.isKilled, let status = running.exitStatus {
      lines.append("Exit code: \(status.shellCode)")
    } else {
      lines.append("Ended by the user")
    }
    lines.append("Duration: \(tenths / 10).\(tenths % 10) seconds")
    lines.append("Output:")
    lines.append(OutputCutter.cut(output, to: OutputCutter.defaultLimit, file: file))
    return lines
  }

  private func message(_ lines: [String]) -> JSONValue {
    MessageItem.ours(
      """
      <user_shell_command>
      <command>
      \(command)
      </command>
      <result>
      \(lines.joined(separator: "\n"))
      </result>
      </user_shell_command>
      """)
  }
}
