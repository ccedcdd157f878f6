import StetText

/// What the user sent.
struct UserContent: Sendable {
  var text: String
  /// Pictures, files and skills that went with it, one word each.
  var attachments: [String] = []
}

/// The model's reasoning: the summary parts, or the raw text where there is no summary.
struct ReasoningContent: Sendable {
  var summary: [String] = []
  var raw: [String] = []
  var durationMs: Int?

  var text: String { (summary.contains { !$0.isEmpty } ? summary : raw).joined(separator: "\n\n") }

  /// Parts that a hostile server could open in one item; further deltas join the last.
  static let maxParts = 256

  mutating func append(_ delta: String, part index: Int, isSummary: Bool) {
    var parts = isSummary ? summary : raw
    let index = min(max(0, index), Self.maxParts - 1)
    while parts.count <= index { parts.append("") }
    parts[index] += delta
    if isSummary { summary = parts } else { raw = parts }
  }
}

/// A command and its output.
struct CommandContent: Sendable {
  enum State: Sendable { case waiting, running, succeeded, failed, declined, stopped }

  /// What the user reads: the script inside `bash -lc '…'`, sanitised when it is laid out.
  var command: String
  var directory: String
  var state: State
  var exitCode: Int?
  var durationMs: Int?
  var isUserShell = false
  /// A quiet look at files: shown as one line.
  var quiet: Quiet?
  /// The walls that may be why it failed, in words.
  var denied: String?

  /// What a command that only looks is about.
  struct Quiet: Sendable {
    var verb: String
    var subject: String
  }
}

/// A change of files with what became of it.
struct FileChangeContent: Sendable {
  enum State: Sendable { case proposed, applied, declined, failed, stopped }

  struct File: Sendable {
    enum Kind: Sendable { case add, delete, update }
    var path: String
    var movePath: String?
    var kind: Kind
    var diff: FileDiff
    /// "2 of 3 ✓" and the like, from the verified outcome.
    var verdict: Verdict?
  }

  struct Verdict: Sendable {
    enum Tone: Sendable { case good, mixed, bad }
    var words: String
    var tone: Tone
  }

  var files: [File]
  var state: State
  /// What was proposed and not applied, still readable.
  var refused: [File] = []
}

/// The steps the agent follows.
struct PlanContent: Sendable {
  struct Step: Sendable {
    enum State: Sendable { case todo, doing, done }
    var text: String
    var state: State
  }

  var steps: [Step] = []
  var explanation: String?
  /// The plan is a text (plan mode) instead of a list of steps.
  var isText = false
}

/// A call of an MCP or dynamic tool.
struct ToolContent: Sendable {
  var server: String?
  var tool: String
  /// The arguments as compact JSON.
  var arguments: String
  var isRunning: Bool
  var hasFailed: Bool
  var progress: String?
  var result: String
  var durationMs: Int?
}

struct WebSearchContent: Sendable {
  var query: String
  var action: String
}

struct ReviewNoteContent: Sendable {
  var isStart: Bool
  var text: String
}

/// A failure that the server told.
struct ErrorContent: Sendable {
  var message: String
  var details: String?
  /// The server tries again by itself; until `retryAt` if it said when.
  var willRetry: Bool
  var retryAt: Instant?
  /// What to do about it, where that is known.
  var advice: String?
}

/// A line of the interface itself.
struct NoteContent: Sendable {
  enum Kind: Sendable { case info, warning, stopped }
  var kind: Kind
  var text: String
}

/// The verified result of an undo or redo.
struct UndoContent: Sendable {
  struct Row: Sendable {
    var path: String
    var words: String
    var isRefused: Bool
  }

  var title: String
  var rows: [Row]
}
