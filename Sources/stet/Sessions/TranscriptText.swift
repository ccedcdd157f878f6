import StetProtocol

/// Words for the items of a thread that `show` and `export` share.
enum TranscriptText {
  /// What the user said, with a line for each picture or file.
  static func text(_ content: [UserInput]) -> String {
    content.map { input in
      switch input {
      case .text(let text): text.text
      case .localImage(let path, _): "[image \(path)]"
      case .image: "[image]"
      case .mention(let name, let path): "[\(name): \(path)]"
      case .skill(let name, _): "[skill \(name)]"
      default: "[attachment]"
      }
    }.joined(separator: "\n")
  }

  /// How a command ended, where it did not simply end well.
  static func note(_ item: CommandExecutionItem) -> String? {
    switch item.status {
    case .declined: "declined"
    case .failed: item.exitCode.map { "exit code \($0)" } ?? "failed"
    case .inProgress: "not finished"
    default: nil
    }
  }

  /// `M path`, and what became of it where it was not written.
  static func line(_ change: FileUpdateChange, status: PatchApplyStatus) -> String {
    let ending = status == .completed ? "" : " (\(status.name))"
    switch change.kind {
    case .add: return "A \(change.path)\(ending)"
    case .delete: return "D \(change.path)\(ending)"
    case .update(let target?): return "R \(change.path) -> \(target)\(ending)"
    default: return "M \(change.path)\(ending)"
    }
  }

  /// One line for the smaller kinds; nil for those that say nothing to a reader.
  static func line(_ item: ThreadItem) -> String? {
    switch item {
    case .mcpToolCall(let item): "tool \(item.server)/\(item.tool)"
    case .dynamicToolCall(let item): "tool \(item.tool)"
    case .webSearch(let item): "web search: \(item.query)"
    case .imageView(let item): "image \(item.path)"
    case .enteredReviewMode(let item): "review: \(item.review)"
    case .exitedReviewMode(let item): item.review
    case .contextCompaction: "(the context was compacted)"
    default: nil
    }
  }
}
