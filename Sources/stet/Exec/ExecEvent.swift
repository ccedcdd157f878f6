import StetProtocol

/// Something to show, in the words of the protocol; the outputs make lines of it.
enum ExecEvent: Hashable, Sendable {
  case threadStarted(ExecThread)
  case turnStarted
  case item(ItemPhase, ThreadItem)
  /// The model's list of steps. It has no item on the wire; exec counts it as one.
  case plan(ItemPhase, [TurnPlanStep])
  case warning(String)
  /// An error of the turn, also one after which it is tried again.
  case error(String)
  /// Something that needed an approval did not happen.
  case refused(ExecRefusal)
  /// Only for people.
  case note(String)
  case turnCompleted(TokenUsageBreakdown)
  case turnFailed(String)
}

/// Where an item stands.
enum ItemPhase: Hashable, Sendable {
  case started, updated, completed
  /// Open when the run ended: a command that went on in the background, or whatever an interruption cut.
  case aborted
}

/// The thread of a run, as the server's answer tells it.
struct ExecThread: Hashable, Sendable {
  var id: String
  var model: String
  var provider: String
  var directory: String
  var sandbox: String
  var isEphemeral: Bool

  /// Nil when the answer to `thread/start`, `thread/resume` or `thread/fork` names no thread.
  init?(_ answer: JSONValue) {
    guard let thread = answer["thread"], let id = thread["id"]?.stringValue else { return nil }
    self.id = id
    model = answer["model"]?.stringValue ?? ""
    provider = answer["modelProvider"]?.stringValue ?? ""
    directory = answer["cwd"]?.stringValue ?? ""
    isEphemeral = thread["ephemeral"]?.boolValue ?? false
    sandbox =
      switch answer["sandbox"]?["type"]?.stringValue {
      case "readOnly": "read-only"
      case "workspaceWrite": "workspace-write"
      case "dangerFullAccess": "no sandbox"
      case "externalSandbox": "external sandbox"
      case let other: other ?? ""
      }
  }
}

/// Something that did not happen because it needed an approval.
struct ExecRefusal: Hashable, Sendable {
  /// The command or the files.
  var what: String
  /// Why an approval was needed, if that was said.
  var reason: String?

  var text: String { reason.map { "\(what): \($0)" } ?? what }
}
