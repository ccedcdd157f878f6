import StetProtocol
import StetText

/// What a log says of single items.
enum HumanItems {
  /// Lines of a command's output that a log shows: where it began and how it ended.
  private static let (headLines, tailLines) = (10, 30)
  /// Characters of one line of output; longer ones are data.
  private static let lineLimit = 400

  /// The lines of a finished item; none for kinds that say nothing to people.
  static func lines(_ item: ThreadItem, in directory: String, _ paint: Paint) -> [String] {
    switch item {
    case .reasoning(let item):
      let text = item.summary.joined(separator: "\n\n")
      return text.isEmpty ? [] : safe(text).map { paint.dim($0) }
    case .fileChange(let item): return fileChange(item, directory, paint)
    case .mcpToolCall(let item): return mcpToolCall(item, paint)
    case .webSearch(let item): return safe("search \(item.query)")
    case .plan(let item): return safe(item.text)
    case .imageView(let item): return safe("view \(relative(item.path, directory))")
    case .contextCompaction: return [paint.dim("the context was summarised")]
    case .exitedReviewMode: return []
    default: return []
    }
  }

  static func plan(_ steps: [TurnPlanStep]) -> [String] {
    steps.map { step in
      let mark =
        switch step.status {
        case .completed: "[x]"
        case .inProgress: "[>]"
        case .pending, .unknown: "[ ]"
        }
      return "\(mark) \(Sanitizer.display(step.step))"
    }
  }

  static func tokens(_ usage: TokenUsageBreakdown) -> String {
    let cached = usage.cachedInputTokens > 0 ? " (\(usage.cachedInputTokens) cached)" : ""
    let reasoning = usage.reasoningOutputTokens > 0 ? " (\(usage.reasoningOutputTokens) reasoning)" : ""
    return "tokens: \(usage.inputTokens) in\(cached), \(usage.outputTokens) out\(reasoning)"
  }

  // MARK: - Commands

  /// The beginning and the end of an output, without escape sequences. Only these become lines: an output may have half
  /// a million.
  static func output(_ text: String) -> [String] {
    let plain = Sanitizer.plain(text)
    var bytes = plain.utf8[...]
    guard let last = bytes.last else { return [] }
    if last == lineFeed { bytes.removeLast() }
    let left = bytes.count { $0 == lineFeed } + 1 - headLines - tailLines
    guard left > 1 else { return lines(bytes).map(cut) }
    var head = bytes.startIndex
    for _ in 0..<headLines {
      head = bytes[head...].firstIndex(of: lineFeed).map { bytes.index(after: $0) } ?? head
    }
    var tail = bytes.endIndex
    for _ in 0..<tailLines { tail = bytes[..<tail].lastIndex(of: lineFeed) ?? tail }
    return lines(bytes[..<head].dropLast()).map(cut) + ["… \(left) lines left out …"]
      + lines(bytes[tail...].dropFirst()).map(cut)
  }

  private static let lineFeed = UInt8(ascii: "\n")

  private static func lines(_ bytes: Substring.UTF8View) -> [Substring] {
    bytes.split(separator: lineFeed, omittingEmptySubsequences: false).map { Substring($0) }
  }

  private static func cut(_ line: Substring) -> String {
    let shown = line.prefix(lineLimit)
    return Sanitizer.display(String(shown)) + (shown.endIndex < line.endIndex ? " …" : "")
  }

  static func status(_ item: CommandExecutionItem, _ paint: Paint) -> String {
    let time = item.durationMs.map { ", \(seconds($0))" } ?? ""
    switch (item.status, item.exitCode) {
    case (.declined, _): return paint.yellow("did not run")
    case (_, 0?): return paint.dim("exit 0\(time)")
    case (_, let code?): return paint.red("exit \(code)") + paint.dim(time)
    default: return paint.red("ended without an exit code") + paint.dim(time)
    }
  }

  private static func seconds(_ milliseconds: Int) -> String {
    let tenths = milliseconds / 100
    return "\(tenths / 10).\(tenths % 10) s"
  }

  // MARK: - Edits and tools

  private static func fileChange(_ item: FileChangeItem, _ directory: String, _ paint: Paint) -> [String] {
    let fate =
      switch item.status {
      case .completed: ""
      case .declined: paint.yellow("  not written")
      case .inProgress, .failed, .unknown: paint.red("  failed")
      }
    return item.changes.map { change in
      let path = Sanitizer.display(relative(change.path, directory))
      let (added, removed) = counts(change)
      let numbers = paint.green("+\(added)") + " " + paint.red("-\(removed)")
      let verb =
        switch change.kind {
        case .add: "add"
        case .delete: "delete"
        case .update(let moved?): "move to \(Sanitizer.display(relative(moved, directory))) from"
        case .update(nil), .unknown: "edit"
        }
      return "\(verb) \(path)  \(numbers)\(fate)"
    }
  }

  /// Lines added and removed. For a new or deleted file `diff` is its content.
  static func counts(_ change: FileUpdateChange) -> (added: Int, removed: Int) {
    var lines = change.diff.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    switch change.kind {
    case .add: return (lines.count, 0)
    case .delete: return (0, lines.count)
    case .update, .unknown:
      return (
        lines.count { $0.utf8.first == UInt8(ascii: "+") }, lines.count { $0.utf8.first == UInt8(ascii: "-") }
      )
    }
  }

  private static func mcpToolCall(_ item: McpToolCallItem, _ paint: Paint) -> [String] {
    let call = "\(item.server).\(item.tool) \(item.arguments.text.prefix(lineLimit))"
    let fate =
      item.status == .failed
      ? paint.red("  failed") + (item.error.map { ": " + Sanitizer.display($0.message) } ?? "") : ""
    return [Sanitizer.display(call) + fate]
  }

  private static func relative(_ path: String, _ directory: String) -> String {
    let prefix = directory.hasSuffix("/") ? directory : directory + "/"
    return path.utf8.starts(with: prefix.utf8) ? String(path.dropFirst(prefix.count)) : path
  }

  private static func safe(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { Sanitizer.display(String($0)) }
  }
}
