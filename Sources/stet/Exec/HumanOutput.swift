import StetProtocol
import StetText
import StetUI

/// A run for people and logs: what happens on standard error, the answer on standard output, so that `$(stet exec …)`
/// is the answer and nothing else. Used from one thread.
struct HumanOutput: ExecOutput {
  private let out: OutputDescriptor
  private let log: OutputDescriptor
  private let paint: Paint
  private var thread: ExecThread?
  /// The last message is held back until it is known whether it is the answer.
  private var message: String?
  /// The command whose line was printed last: its output needs no line again.
  private var lastCommand: String?
  private var tokens: TokenUsageBreakdown?
  private var lastError: String?

  init(out: OutputDescriptor, log: OutputDescriptor, isColored: Bool) {
    self.out = out
    self.log = log
    paint = Paint(isOn: isColored)
  }

  mutating func show(_ event: ExecEvent) throws(OutputError) {
    switch event {
    case .turnStarted, .plan(.completed, _): break
    case .turnCompleted(let usage): tokens = usage
    // The outcome says it at the end.
    case .turnFailed: break
    case .threadStarted(let thread): begin(thread)
    case .item(let phase, let item): show(phase, item)
    case .plan(_, let steps):
      flush()
      say(HumanItems.plan(steps).map { paint.dim($0) })
    case .warning(let text): say([paint.yellow("warning: ") + Self.safe(text)])
    case .error(let text):
      flush()
      lastError = text
      say([paint.red("error: ") + Self.safe(text)])
    case .note(let text): say([Self.safe(text)])
    case .refused(let refusal):
      flush()
      say([paint.yellow("not approved: ") + Self.safe(refusal.text)])
    }
  }

  mutating func end(_ outcome: ExecOutcome) throws(OutputError) {
    let isDone = outcome.ending == .completed
    if !isDone { flush() }
    if let line = tokens.map(HumanItems.tokens) { say([paint.dim(line)]) }
    say(last(outcome))
    guard isDone, let answer = outcome.answer else { return }
    // A pipe gets the model's bytes; a terminal must not be steered by them.
    let text = out.isTerminal ? Self.safe(answer) : answer
    try out.write(Array((text.hasSuffix("\n") ? text : text + "\n").utf8))
  }

  // MARK: - Parts

  private mutating func begin(_ thread: ExecThread) {
    self.thread = thread
    let model = thread.model.isEmpty ? "no model" : "\(thread.model) (\(thread.provider))"
    let kept = thread.isEphemeral ? "not kept" : "thread \(thread.id)"
    say([
      paint.dim(Self.safe("stet \(Version.current), \(model), \(thread.sandbox), \(thread.directory)")),
      paint.dim(kept),
    ])
  }

  private mutating func show(_ phase: ItemPhase, _ item: ThreadItem) {
    if case .agentMessage(let item) = item {
      guard phase == .completed else { return }
      flush()
      message = item.text
      return
    }
    if case .commandExecution(let item) = item { return command(phase, item) }
    guard phase == .completed || phase == .aborted else { return }
    let lines = HumanItems.lines(item, in: thread?.directory ?? "", paint)
    guard !lines.isEmpty else { return }
    flush()
    lastCommand = nil
    say(lines)
  }

  private mutating func command(_ phase: ItemPhase, _ item: CommandExecutionItem) {
    flush()
    if phase == .started || lastCommand != item.id {
      say([paint.bold("$ ") + Self.safe(ShellWords.script(of: item.command))])
      lastCommand = item.id
    }
    switch phase {
    case .started, .updated: break
    case .completed:
      say(HumanItems.output(item.aggregatedOutput ?? ""))
      say([HumanItems.status(item, paint)])
    case .aborted: say([paint.yellow("still running at the end; it was stopped")])
    }
  }

  /// Prints a message that turned out not to be the last.
  private mutating func flush() {
    guard let text = message else { return }
    message = nil
    lastCommand = nil
    say(Self.safe(text).split(separator: "\n", omittingEmptySubsequences: false).map { String($0) })
  }

  private func last(_ outcome: ExecOutcome) -> [String] {
    var lines: [String] = []
    // What was said as the last error needs no saying twice.
    if let text = outcome.ending.text, text != lastError {
      lines.append(paint.red("stet: ") + Self.safe(text))
    }
    if !outcome.refusals.isEmpty {
      lines.append(paint.yellow("stet: not done, because nobody could approve it:"))
      lines += outcome.refusals.map { "  " + Self.safe($0.text) }
      lines.append("  --sandbox workspace-write, --add-dir or --sandbox danger-full-access allow more.")
    }
    if outcome.ending != .completed, let thread = outcome.thread, !thread.isEphemeral {
      lines.append("The thread is kept: stet exec resume \(thread.id) goes on with it.")
    }
    return lines
  }

  /// Everything from outside may hold escape sequences.
  private static func safe(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { Sanitizer.display(String($0)) }
      .joined(separator: "\n")
  }

  private func say(_ lines: [String]) {
    guard !lines.isEmpty else { return }
    do throws(OutputError) {
      try log.write(Array((lines.joined(separator: "\n") + "\n").utf8))
    } catch {
      // Standard error is gone; the answer may still have a reader.
      return
    }
  }
}

/// Colours of the log, or none.
struct Paint: Sendable {
  let isOn: Bool

  func dim(_ text: String) -> String { wrap(text, "2") }
  func bold(_ text: String) -> String { wrap(text, "1") }
  func red(_ text: String) -> String { wrap(text, "31") }
  func green(_ text: String) -> String { wrap(text, "32") }
  func yellow(_ text: String) -> String { wrap(text, "33") }

  private func wrap(_ text: String, _ code: String) -> String {
    isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  /// NO_COLOR (no-color.org) and a dumb terminal count only where the user left the choice to stet.
  static func isWanted(
    _ choice: ExecOptions.ColorChoice, isTerminal: Bool, environment: [String: String]
  ) -> Bool {
    switch choice {
    case .always: return true
    case .never: return false
    case .auto:
      let refuses = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
      return isTerminal && !refuses
    }
  }
}
