import StetConfig
import StetJSON
import StetProcess
import StetProtocol

/// What a review of an approval request looks at: the action on the wire, what the model reads of it, and how the question
/// is answered.
struct ReviewedAction: Sendable {
  /// Bytes of what a model reads; what is longer is not understood by reading it once.
  static let limit = 20_000

  /// `GuardianApprovalReviewAction`.
  let wire: JSONValue
  /// For the model; untrusted.
  let subject: JSONValue
  let targetItemId: String?
  /// Why no model may decide it; nil when one may.
  let usersOnly: String?
  let yes: JSONValue
  private let member: String

  func no(_ reason: String) -> JSONValue {
    [member: "decline", "stet": ["message": .string("(the approval review, not the user) \(reason)")]]
  }

  /// Nil for questions that are no approvals: they are the user's.
  ///
  /// - Parameter usersOnly: what whoever asks knows against a model's answer.
  init?(_ request: ServerRequest, _ call: ToolCall, _ context: ToolContext, usersOnly concern: String?) {
    let parts: Parts?
    switch request {
    case .commandExecutionRequestApproval(let params):
      (yes, member) = (["decision": "accept"], "decision")
      parts =
        params.networkApprovalContext.map { Self.network($0, params) } ?? Self.command(params, context)
    case .fileChangeRequestApproval(let params):
      (yes, member) = (["decision": "accept"], "decision")
      parts = Self.edit(params, call, context)
    case .mcpServerElicitation(let params):
      (yes, member) = (["action": "accept"], "action")
      parts = Self.tool(params, call)
    default: return nil
    }
    guard let parts else { return nil }
    wire = parts.wire
    subject = parts.subject
    targetItemId = parts.item
    let text = parts.subject.text
    usersOnly =
      parts.usersOnly ?? concern
      ?? (text.utf8.count > Self.limit ? "it is too long to be reviewed" : nil)
      ?? ReviewSuspicion.reason(in: parts.subject)
  }

  private struct Parts {
    var wire: JSONValue
    var subject: JSONValue
    var item: String?
    var usersOnly: String?
  }

  // MARK: - Kinds

  private static func command(
    _ params: CommandExecutionRequestApprovalParams, _ context: ToolContext
  ) -> Parts {
    let command = params.command ?? ""
    let cwd = params.cwd ?? context.settings.cwd
    var usersOnly: String?
    if params.kind != .command || params.additionalPermissions != nil {
      usersOnly = "it asks for more than to run one command"
    } else if params.stet?.sandboxed != true, context.settings.sandboxPolicy.wantsWalls {
      usersOnly = "it would run outside of the sandbox"
    }
    return Parts(
      wire: [
        "type": "command", "source": "unifiedExec", "command": .string(command), "cwd": .string(cwd),
      ],
      subject: [
        "kind": "command", "command": .string(command), "directory": .string(cwd),
        "sandboxed": .bool(params.stet?.sandboxed == true),
        "reason_claimed_by_agent": params.reason.map(JSONValue.string) ?? .null,
      ],
      item: params.itemId, usersOnly: usersOnly)
  }

  private static func network(
    _ target: NetworkApprovalContext, _ params: CommandExecutionRequestApprovalParams
  ) -> Parts {
    let scheme: NetworkTarget.Scheme? =
      target.protocol == .http ? .http : target.protocol == .https ? .https : nil
    let parsed = scheme.flatMap { NetworkTarget(named: target.host, $0) }
    var usersOnly: String?
    switch parsed?.reach {
    case .machine?, .privateNetwork?: usersOnly = "the host is on this machine or in a private network"
    default: if parsed == nil { usersOnly = "the host can't be read" }
    }
    return Parts(
      wire: [
        "type": "networkAccess", "host": .string(parsed?.host ?? target.host),
        "port": .int(Int64(parsed?.port ?? 443)), "protocol": .string(target.protocol.name),
        "target": .string("\(target.protocol.name)://\(target.host)"),
      ],
      subject: [
        "kind": "network access of a running command", "host": .string(target.host),
        "protocol": .string(target.protocol.name), "command": .string(params.command ?? ""),
      ],
      // The schema wants none: the question is about the host, not about the command.
      item: nil, usersOnly: usersOnly)
  }

  private static func edit(
    _ params: FileChangeRequestApprovalParams, _ call: ToolCall, _ context: ToolContext
  ) -> Parts {
    let files = params.stet?.files ?? []
    let paths = files.flatMap { [$0.path] + ($0.movePath.map { [$0] } ?? []) }
    var usersOnly: String?
    if !EditApproval.isOrdinary(paths, context) {
      usersOnly = "it changes files that are protected or outside of the workspace"
    } else if params.stet?.supersedes != nil || params.stet?.truncated != false {
      usersOnly = "what would be written is not what the model wrote"
    }
    let input: JSONValue = if case .text(let text) = call.input { .string(text) } else { call.arguments }
    return Parts(
      wire: [
        "type": "applyPatch", "cwd": .string(context.settings.cwd),
        "files": .array(paths.map(JSONValue.string)),
      ],
      subject: [
        "kind": "edit of files", "files": .array(paths.map(JSONValue.string)), "change": input,
        "reason_claimed_by_agent": params.reason.map(JSONValue.string) ?? .null,
      ],
      item: params.itemId, usersOnly: usersOnly)
  }

  /// A real elicitation asks for the user's words and is never answered for them.
  private static func tool(_ params: McpServerElicitationRequestParams, _ call: ToolCall) -> Parts? {
    let meta = params.question["_meta"]
    guard meta?["codex_approval_kind"]?.stringValue == "mcp_tool_call" else { return nil }
    let name = meta?["tool_name"]?.stringValue ?? call.name
    return Parts(
      wire: [
        "type": "mcpToolCall", "server": .string(params.serverName), "toolName": .string(name),
        "toolTitle": meta?["tool_title"] ?? .null,
      ],
      subject: [
        "kind": "call of a tool of an MCP server", "server": .string(params.serverName),
        "tool": .string(name),
        "description_claimed_by_server": meta?["tool_description"] ?? .null,
        "arguments": meta?["tool_params"] ?? .null,
      ],
      item: call.itemId, usersOnly: nil)
  }
}

extension SandboxPolicy {
  /// Whether commands are to run behind walls of stet's own.
  fileprivate var wantsWalls: Bool {
    switch self {
    case .dangerFullAccess, .externalSandbox: false
    case .readOnly, .workspaceWrite, .unknown: true
    }
  }
}
