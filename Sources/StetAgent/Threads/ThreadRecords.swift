import StetJSON
import StetProtocol

/// What the log of a thread consists of, record by record (agent-core.md §6). Payloads are read tolerantly: a record
/// of a newer version with more members is understood as far as it goes.
enum ThreadRecord {
  static let meta = "meta"
  static let settings = "settings"
  /// One item of the prompt: the payload is the item itself, whose serialised form is what was sent.
  static let prompt = "prompt"
  static let tools = "tools"
  static let facts = "facts"
  static let turnStarted = "turn_started"
  /// An item that may take long has begun: after a crash it is shown as cut off (R9).
  static let itemStarted = "item_started"
  static let item = "item"
  static let usage = "usage"
  static let seen = "seen"
  static let turnCompleted = "turn_completed"
  static let queue = "queue"
  static let goal = "goal"
  /// A review that waits, or that one is over: see `ReviewRecord`.
  static let review = "review"
  static let announced = "announced"
  /// The prompt begins anew: its items take the place of all before.
  static let compacted = "compacted"
  /// From here on the history goes on from an earlier place; what lies between stays in the file, unread.
  static let revert = "revert"

  /// The first record: what never changes.
  struct Meta: Codable, Hashable {
    var id: String
    var version: Int
    var createdAtMs: Int64
    var cliVersion: String
    var source: JSONValue
    var baseInstructions: String?
    var developerInstructions: String?
    var forkedFromId: String?
    var instructionSources: [String]
    var config: JSONObject
    /// Tools that the client runs; absent in logs of older threads.
    var dynamicTools: [DynamicToolSpec]?
    /// What a fork goes on from.
    @OmitIfNil var history: Base?
    /// The first of the chain of forks, whose id is the cache key of them all (P9).
    @OmitIfNil var rootId: String?
  }

  /// The history of a thread up to a place in its log, in bytes; whole lines.
  struct Base: Codable, Hashable {
    var threadId: String
    var endOffset: Int64
  }

  struct Revert: Codable, Hashable {
    /// The first turn that was taken back.
    var turnId: String
    var history: Base
  }

  struct Settings: Codable, Hashable {
    var cwd: String
    var workspaceRoots: [String]
    var model: String
    var modelProvider: String
    var approvalPolicy: AskForApproval
    var sandboxPolicy: SandboxPolicy
    var editReview: EditReviewMode
    var effort: String?
    var summary: String?
    var trusted: Bool
    /// Absent in logs of threads that knew no modes.
    var mode: ModeKind?
    var modeInstructions: String?
    var profile: String?
    var serviceTier: String?
    /// In place of those of the first record.
    @OmitIfNil var developerInstructions: String?
  }

  /// All items of the prompt from here on.
  struct Compacted: Codable, Hashable {
    var items: [JSONValue]
    /// They are what an earlier compaction had replaced.
    @OmitIfNil var isUndo: Bool?
    /// `provider/model` that alone can read the summary among them.
    @OmitIfNil var sealedFor: String?

    init(items: [JSONValue], sealedFor: String? = nil) {
      self.items = items
      self.sealedFor = sealedFor
    }
  }

  struct Tools: Codable, Hashable {
    var tools: [JSONValue]
  }

  struct TurnStarted: Codable, Hashable {
    var turnId: String
    var startedAtMs: Int64
    /// Of a turn that goes back to another; absent for one that is its own root.
    @OmitIfNil var rootTurnId: String?

    init(turnId: String, startedAtMs: Int64, rootTurnId: String? = nil) {
      self.turnId = turnId
      self.startedAtMs = startedAtMs
      self.rootTurnId = rootTurnId
    }
  }

  /// A finished item. `position` is its place in the turn by start: items that run side by side finish in any order.
  struct Item: Codable, Hashable {
    var turnId: String
    var position: Int
    var startedAtMs: Int64
    var completedAtMs: Int64
    var item: ThreadItem

    var entry: TurnState.Entry {
      TurnState.Entry(item: item, position: position, startedAtMs: startedAtMs, completedAtMs: completedAtMs)
    }
  }

  struct ItemStarted: Codable, Hashable {
    var turnId: String
    var position: Int
    var startedAtMs: Int64
    var item: ThreadItem

    var entry: TurnState.Entry {
      TurnState.Entry(item: item, position: position, startedAtMs: startedAtMs)
    }
  }

  struct Usage: Codable, Hashable {
    var turnId: String
    var usage: ThreadTokenUsage
    /// Bytes a token, as the meter has observed them; nil where another prompt than the thread's own was counted: a
    /// review's, a summary's.
    var ratio: Double?
  }

  /// Files whose content the model has seen, by path.
  struct Seen: Codable, Hashable {
    var files: [String: String]
  }

  /// What the model was told of MCP tools since its list was frozen.
  struct Announced: Codable, Hashable, Sendable {
    /// Names beside its list.
    var tools: [String] = []
    /// Names of its list that can't be used.
    var gone: [String]?

    var isEmpty: Bool { tools.isEmpty && gone == nil }
  }

  /// All messages that wait, after each change.
  struct Queue: Codable, Hashable {
    var threadId: String
    var submissions: [QueuedSubmission]
  }

  /// The goal after each change; nil when it was cleared.
  struct Goal: Codable, Hashable {
    var goal: ThreadGoal?
  }

  struct TurnCompleted: Codable, Hashable {
    var turnId: String
    var status: TurnStatus
    var completedAtMs: Int64?
    var durationMs: Int64?
    var error: TurnError?
  }
}

extension ThreadRecord.Settings {
  init(_ settings: TurnSettings) {
    self.init(
      cwd: settings.cwd, workspaceRoots: settings.workspaceRoots, model: settings.model,
      modelProvider: settings.modelProvider, approvalPolicy: settings.approvalPolicy,
      sandboxPolicy: settings.sandboxPolicy, editReview: settings.editReview, effort: settings.effort,
      summary: settings.summary, trusted: settings.trusted, mode: settings.mode,
      modeInstructions: settings.modeInstructions, profile: settings.profile,
      serviceTier: settings.serviceTier, developerInstructions: settings.developerInstructions)
  }

  var value: TurnSettings {
    var value = TurnSettings(
      cwd: cwd, workspaceRoots: workspaceRoots, model: model, modelProvider: modelProvider,
      approvalPolicy: approvalPolicy, sandboxPolicy: sandboxPolicy, editReview: editReview, effort: effort,
      summary: summary, trusted: trusted, mode: mode ?? .default)
    value.modeInstructions = modeInstructions
    value.profile = profile
    value.serviceTier = serviceTier
    value.developerInstructions = developerInstructions
    return value
  }
}
