import StetJSON
import StetProtocol

/// One call of a tool, read from what a client sent: its form only, not whether it may be.
struct ToolCallRequest: Sendable {
  /// Nil: a new thread.
  var threadId: String?
  var prompt = ""
  var directory: String?
  var model: String?
  var sandbox: SandboxMode?
  var approvalPolicy: AskForApproval?
  var baseInstructions: String?
  var developerInstructions: String?

  /// Why a call can't be made, for the model that made it.
  struct Fault: Error { let message: String }

  init(_ name: String, _ arguments: JSONValue) throws(Fault) {
    let known: Set<String>
    switch name {
    case ToolDefinitions.start:
      known = ToolDefinitions.startMembers
      directory = try Self.text(arguments, "cwd")
      model = try Self.text(arguments, "model")
      baseInstructions = try Self.text(arguments, "base-instructions")
      developerInstructions = try Self.text(arguments, "developer-instructions")
      approvalPolicy = try Self.choice(arguments, "approval-policy", Self.policies)
      sandbox = try Self.choice(arguments, "sandbox", Self.modes)
    case ToolDefinitions.reply:
      known = ToolDefinitions.replyMembers
      guard let id = try Self.text(arguments, "threadId") else { throw Fault(message: "threadId is missing") }
      threadId = id
    default: throw Fault(message: "there is no tool \(name)")
    }
    for key in arguments.objectValue?.keys ?? [] where !known.contains(key) {
      throw Fault(message: "\(name) has no argument \(key)")
    }
    guard let prompt = try Self.text(arguments, "prompt"), prompt.contains(where: { !$0.isWhitespace }) else {
      throw Fault(message: "prompt is missing")
    }
    self.prompt = prompt
  }

  static let modes: [(name: String, value: SandboxMode)] = [
    ("read-only", .readOnly), ("workspace-write", .workspaceWrite), ("danger-full-access", .dangerFullAccess),
  ]
  private static let policies: [(name: String, value: AskForApproval)] = [
    ("untrusted", .untrusted), ("on-request", .onRequest), ("never", .never),
  ]

  // MARK: - Parts

  private static func text(_ arguments: JSONValue, _ key: String) throws(Fault) -> String? {
    guard let value = arguments[key], !value.isNull else { return nil }
    guard let text = value.stringValue else { throw Fault(message: "\(key) is not a string") }
    return text
  }

  private static func choice<Value>(
    _ arguments: JSONValue, _ key: String, _ choices: [(name: String, value: Value)]
  ) throws(Fault) -> Value? {
    guard let name = try text(arguments, key) else { return nil }
    guard let choice = choices.first(where: { $0.name == name }) else {
      throw Fault(message: "\(key) is one of \(choices.map(\.name).joined(separator: ", "))")
    }
    return choice.value
  }
}
