import StetJSON
import StetProtocol
import StetStore

/// A thread as a Codex rollout tells it, in both history modes (protocol.md §5, agent-core.md R2).
///
/// Pure but for reading: lines go in one by one, files that a `history_base` names first, up to where it says.
struct CodexRollout {
  struct Turn {
    var state: TurnState
    /// What the model was told and said in this turn.
    var prompt: [JSONValue] = []
  }

  private(set) var id = ""
  private(set) var cwd = ""
  private(set) var model: String?
  private(set) var provider: String?
  private(set) var source: SessionSource = .unknown
  private(set) var originator: String?
  private(set) var version = ""
  private(set) var createdAtMs: Int64 = 0
  private(set) var git: GitInfo?
  private(set) var turns: [Turn] = []
  /// What was left out, by kind.
  private(set) var skipped: [String: Int] = [:]
  /// The turn that items without a turn's id belong to.
  private var open: Int?
  /// The open turn was begun by a record of its own: a further message of the user is a steer.
  private var isNamed = false
  private var isPaginated = false
  private var legacyIds = 0

  /// What was said before the first turn began belongs to it.
  private var waiting: [JSONValue] = []

  mutating func skip(_ what: String, _ count: Int = 1) {
    if count > 0 { skipped[what, default: 0] += count }
  }

  /// One line of a rollout.
  mutating func add(_ line: JSONValue) {
    let payload = line["payload"] ?? .null
    let ms =
      line["timestamp"]?.stringValue.flatMap(ThreadFiles.milliseconds) ?? turns.last?.state.startedAtMs ?? 0
    switch line["type"]?.stringValue {
    case "session_meta": begin(payload, ms)
    case "response_item": add(prompt: payload)
    case "compacted": compact(payload)
    case "turn_context":
      cwd = payload["cwd"]?.stringValue ?? cwd
      model = payload["model"]?.stringValue ?? model
    case "event_msg": event(payload, ms)
    case "world_state", "token_usage_record", "retained_context": break
    case let type: skip("records of type \(type ?? "?")")
    }
  }

  /// To be called after the last line: a turn without an end was cut off.
  mutating func finish() {
    if turns.last?.state.status == .inProgress { end(.interrupted, nil, nil) }
    turns.removeAll { $0.state.entries.isEmpty && $0.prompt.isEmpty }
  }

  // MARK: - Records

  private mutating func begin(_ meta: JSONValue, _ ms: Int64) {
    id = meta["id"]?.stringValue ?? id
    isPaginated = meta["history_mode"]?.stringValue == "paginated"
    cwd = meta["cwd"]?.stringValue ?? cwd
    provider = meta["model_provider"]?.stringValue ?? provider
    version = meta["cli_version"]?.stringValue ?? version
    originator = meta["originator"]?.stringValue ?? originator
    createdAtMs = meta["timestamp"]?.stringValue.flatMap(ThreadFiles.milliseconds) ?? ms
    if let value = meta["source"] {
      do { source = try value.decode() } catch { skip("unreadable sources") }
    }
    if let info = meta["git"], info.objectValue != nil {
      git = GitInfo(
        sha: info["commit_hash"]?.stringValue, branch: info["branch"]?.stringValue,
        originUrl: info["repository_url"]?.stringValue)
    }
  }

  private mutating func event(_ event: JSONValue, _ ms: Int64) {
    switch event["type"]?.stringValue {
    case "task_started", "turn_started":
      let started = event["started_at"]?.intValue.map {
        Int64($0).multipliedReportingOverflow(by: 1_000).partialValue
      }
      start(event["turn_id"]?.stringValue, started ?? ms)
      isNamed = true
    case "task_complete", "turn_complete":
      end(.completed, ms, event["duration_ms"]?.intValue.map { Int64($0) })
    case "turn_aborted": end(.interrupted, ms, nil)
    case "item_completed":
      turn(event["turn_id"]?.stringValue, ms)
      guard let item = event["item"].flatMap(CodexItem.item) else {
        return skip("items of type \(event["item"]?["type"]?.stringValue ?? "?")")
      }
      show(item, event["started_at_ms"]?.intValue ?? Int(ms), event["completed_at_ms"]?.intValue ?? Int(ms))
    case "user_message", "agent_message", "agent_reasoning": if !isPaginated { message(event, ms) }
    case "token_count", "thread_settings_applied", "thread_goal_updated", "thread_name_updated": break
    case let type: skip("events of type \(type ?? "?")")
    }
  }

  /// Legacy mode shows messages only, without turns.
  private mutating func message(_ event: JSONValue, _ ms: Int64) {
    let text = event["message"]?.stringValue ?? event["text"]?.stringValue ?? ""
    switch event["type"]?.stringValue {
    case "user_message":
      // A message begins a turn, unless one was begun in so many words.
      let isSteer = isNamed || turns.last?.state.entries.isEmpty == true
      if open == nil || !isSteer { start(nil, ms) }
      let item = UserMessageItem(id: legacyId("user"), content: [.text(TextUserInput(text: text))])
      show(.userMessage(item), Int(ms), Int(ms))
    case "agent_message":
      turn(nil, ms)
      show(.agentMessage(AgentMessageItem(id: legacyId("agent"), text: text)), Int(ms), Int(ms))
    default:
      turn(nil, ms)
      show(.reasoning(ReasoningItem(id: legacyId("reasoning"), summary: [text])), Int(ms), Int(ms))
    }
  }

  /// The model's history. What Codex told the model about itself and its tools is left out, as is reasoning that only
  /// its own account can read; what was said, called and answered stays.
  private mutating func add(prompt item: JSONValue) {
    var item = item
    item["internal_chat_message_metadata_passthrough"] = nil
    switch item["type"]?.stringValue {
    case "message":
      let role = item["role"]?.stringValue
      guard role == "user" || role == "assistant" else { return }
      let text = MessageItem.text(of: item)
      let context = ["<environment_context>", "<user_instructions>", "# AGENTS.md instructions"]
      if role == "user", context.contains(where: { text.hasPrefix($0) }) { return }
    case "function_call", "function_call_output", "custom_tool_call", "custom_tool_call_output": break
    case "reasoning": return skip("encrypted reasoning of the model")
    case let type: return skip("model items of type \(type ?? "?")")
    }
    if turns.isEmpty { waiting.append(item) } else { turns[turns.count - 1].prompt.append(item) }
  }

  /// The summary takes the place of all that was said before.
  private mutating func compact(_ payload: JSONValue) {
    for index in turns.indices { turns[index].prompt = [] }
    waiting = []
    if let history = payload["replacement_history"]?.arrayValue {
      for item in history { add(prompt: item) }
    } else if let text = payload["message"]?.stringValue {
      add(prompt: MessageItem.user(text))
    }
  }

  // MARK: - Turns

  private mutating func start(_ turnId: String?, _ ms: Int64) {
    if turns.last?.state.status == .inProgress { end(.interrupted, nil, nil) }
    let id = turnId ?? ThreadIds.make(nowMs: ms)
    turns.append(Turn(state: TurnState(id: id, startedAtMs: ms), prompt: waiting))
    waiting = []
    open = turns.count - 1
    isNamed = false
  }

  /// Makes sure that there is a turn to put something into.
  private mutating func turn(_ turnId: String?, _ ms: Int64) {
    if let turnId, let known = turns.lastIndex(where: { $0.state.id == turnId }) {
      open = known
    } else if open == nil || turnId != nil {
      start(turnId, ms)
    }
  }

  private mutating func end(_ status: TurnStatus, _ ms: Int64?, _ durationMs: Int64?) {
    guard let last = turns.indices.last, turns[last].state.status == .inProgress else { return }
    turns[last].state.status = status
    turns[last].state.completedAtMs = ms
    turns[last].state.durationMs = durationMs ?? ms.map { max(0, $0 - turns[last].state.startedAtMs) }
    open = nil
  }

  private mutating func show(_ item: ThreadItem, _ started: Int, _ completed: Int) {
    guard let open, turns.indices.contains(open) else { return }
    let position = turns[open].state.entries.count
    turns[open].state.entries.append(
      TurnState.Entry(
        item: item, position: position, startedAtMs: Int64(started), completedAtMs: Int64(completed)))
  }

  /// Legacy items have no ids; these are the same for every reading.
  private mutating func legacyId(_ kind: String) -> String {
    legacyIds += 1
    return "codex-\(kind)-\(legacyIds)"
  }
}
