import StetJSON

/// Reads the `hooks` of a file: `{EVENT: [{matcher~, hooks: [{type, command, timeout~, …}]}]}`, in JSON or in TOML, as
/// Claude Code and Codex write it. What can't be run is told, never passed over: a guard that does not guard is worse
/// than none.
struct HookFile {
  /// Seconds that a program may take unless it says otherwise: as in Codex and Claude Code.
  static let usualTimeout = 600
  /// An hour: beyond it nobody waits for a hook.
  static let longestTimeout = 3_600

  let path: String
  let source: HookHandler.Source
  let project: String?
  private(set) var handlers: [HookHandler] = []
  private(set) var warnings: [String] = []

  init(_ value: JSONValue, path: String, source: HookHandler.Source, project: String? = nil) {
    self.path = path
    self.source = source
    self.project = project
    guard let events = value.objectValue else {
      warnings.append("\(path): `hooks` is no table of events; none of it runs.")
      return
    }
    var unknown: [String] = []
    for (name, groups) in events where name != "state" {
      guard let event = HookEvent(rawValue: name) else {
        unknown.append(name)
        continue
      }
      guard let groups = groups.arrayValue else {
        warnings.append("\(path): \(name) is no list of groups; none of it runs.")
        continue
      }
      for (index, group) in groups.enumerated() { read(group, event, index) }
    }
    if !unknown.isEmpty {
      warnings.append("\(path): stet has no event \(unknown.joined(separator: ", ")); these hooks never run.")
    }
    if handlers.contains(where: \.event.isNever) {
      warnings.append("\(path): stet has no sub-agents; their hooks never run.")
    }
  }

  private mutating func read(_ group: JSONValue, _ event: HookEvent, _ index: Int) {
    guard let hooks = group["hooks"]?.arrayValue else {
      warnings.append("\(path): group \(index + 1) of \(event.rawValue) has no list `hooks`; it never runs.")
      return
    }
    let matcher = event.hasMatcher ? group["matcher"]?.stringValue : nil
    for (place, hook) in hooks.enumerated() {
      let type = hook["type"]?.stringValue ?? "command"
      guard type == "command", let command = hook["command"]?.stringValue,
        !command.allSatisfy(\.isWhitespace), !command.utf8.contains(0)
      else {
        warnings.append(
          type == "command"
            ? "\(path): a hook of \(event.rawValue) has no command; it never runs."
            : "\(path): a hook of \(event.rawValue) is of type \(type), which stet does not run.")
        continue
      }
      let timeout = hook["timeout"]?.doubleValue ?? hook["timeoutSec"]?.doubleValue
      handlers.append(
        HookHandler(
          event: event, matcher: matcher, condition: hook["if"]?.stringValue, command: command,
          arguments: hook["args"]?.arrayValue?.map { $0.stringValue ?? $0.text },
          timeoutSeconds: Self.seconds(timeout), isAsync: hook["async"]?.boolValue ?? false,
          statusMessage: hook["statusMessage"]?.stringValue, path: path, source: source, project: project,
          key: "\(path):\(event.keyName):\(index):\(place)"))
    }
  }

  private static func seconds(_ wanted: Double?) -> Int {
    guard let wanted, wanted.isFinite, wanted > 0 else { return usualTimeout }
    return max(1, Int(min(wanted, Double(longestTimeout))))
  }
}
