import StetConfig
import StetJSON

/// A program that is to run at an event, and whether it may.
public struct HookHandler: Sendable, Hashable {
  public enum Source: String, Sendable { case user, project }

  /// Whether the user agreed to it as it is now (S14).
  public enum Trust: String, Sendable { case trusted, untrusted, modified }

  public let event: HookEvent
  public internal(set) var matcher: String?
  /// Claude Code's `if`: `Tool(pattern)`.
  var condition: String?
  /// A line for the shell, or a program when there are arguments.
  public internal(set) var command: String
  var arguments: [String]?
  var timeoutSeconds: Int
  /// Nobody waits for it, and what it says does not count.
  var isAsync: Bool
  var statusMessage: String?
  /// The file that it stands in.
  public let path: String
  public let source: Source
  /// The directory of the project; nil for the user's own.
  let project: String?
  /// The topmost directory of that project: what lies below it can be changed by it.
  var root: String?
  /// Where it stands: file, event, group and place. Under it the user's word is kept.
  public let key: String
  /// Changes with everything that decides what runs; empty when that can't be said, and then it never runs.
  public internal(set) var hash = ""
  public internal(set) var trust = Trust.untrusted
  public internal(set) var isEnabled = true
  var order = 0

  public var mayRun: Bool { trust == .trusted && isEnabled }

  /// Whether the user's word decides if it runs: it can run at all, and its project is trusted.
  func concerns(_ configuration: Configuration) -> Bool {
    guard !event.isNever, !hash.isEmpty else { return false }
    return project.map { configuration.isTrusted(directory: $0) == true } ?? true
  }

  /// The whole command, for the user to read.
  public var shown: String { ([command] + (arguments ?? [])).joined(separator: " ") }

  var argv: [String] { arguments.map { [command] + $0 } ?? ["/bin/sh", "-c", command] }

  /// As `hooks/list` shows it.
  public var metadata: JSONValue {
    [
      "key": .string(key), "eventName": .string(event.wireName), "handlerType": "command",
      "command": .string(shown), "async": .bool(isAsync),
      "matcher": matcher.map(JSONValue.string) ?? .null, "timeoutSec": JSONValue(timeoutSeconds),
      "statusMessage": statusMessage.map(JSONValue.string) ?? .null, "sourcePath": .string(path),
      "source": .string(source.rawValue), "pluginId": .null, "displayOrder": JSONValue(order),
      "enabled": .bool(isEnabled), "isManaged": false, "currentHash": .string(hash),
      "trustStatus": .string(trust.rawValue), "additionalContextLimit": .null,
    ]
  }
}
