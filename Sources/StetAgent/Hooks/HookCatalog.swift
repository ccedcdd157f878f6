import StetConfig
import StetHash
import StetJSON

/// The hooks that apply in a directory: the user's own and those of the project, as Claude Code, Codex and stet have
/// them. Reads the disk; nothing runs here, and nothing that the user has not agreed to ever does (S14).
public struct HookCatalog: Sendable {
  /// Bytes of a file with hooks.
  private static let fileLimit = 1 << 20
  /// Hooks of all files: far more than anybody writes by hand.
  private static let limit = 500

  public private(set) var handlers: [HookHandler] = []
  public private(set) var warnings: [String] = []
  /// Files that can't be read.
  public private(set) var errors: [(path: String, message: String)] = []
  private var seen: Set<String> = []

  static let none = HookCatalog()
  private init() {}

  /// - Parameters:
  ///   - cwd: absolute.
  ///   - environment: for `HOME` and `CODEX_HOME`.
  public init(
    cwd: String, configuration: Configuration, home: StetHome, environment: [String: String]
  ) {
    // Codex's switch: who wants none is not asked about any.
    if configuration.raw["features"]?["hooks"]?.boolValue == false { return }
    let user = configuration.layers.first { if case .user = $0.source { true } else { false } }
    if let user, let hooks = user.values["hooks"], !hooks.isNull {
      add(HookFile(hooks, path: user.source.name, source: .user))
    }
    read(PathText.join(home.configDirectory, "hooks.json"), .user)
    if let directory = environment["HOME"], directory.hasPrefix("/") {
      let codex = environment["CODEX_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      read(PathText.join(codex ?? PathText.join(directory, ".codex"), "hooks.json"), .user)
      for name in ["settings.json", "settings.local.json"] {
        read(PathText.join(directory, ".claude/" + name), .user)
      }
    }
    let projects = configuration.projectDirectories(of: cwd)
    for project in projects {
      for name in Self.projectFiles { read(PathText.join(project, name), .project, project) }
    }
    for index in handlers.indices where handlers[index].project != nil {
      handlers[index].root = projects.first
    }
    settle(user?.values["hooks"]?["state"]?.objectValue ?? JSONObject(), configuration)
  }

  /// As a row of `hooks/list`.
  public func metadata() -> [JSONValue] { handlers.map(\.metadata) }

  // MARK: - Parts

  private static let projectFiles = [
    ".stet/hooks.json", ".codex/hooks.json", ".claude/settings.json", ".claude/settings.local.json",
    ".claude/hooks.json",
  ]

  private mutating func read(_ path: String, _ source: HookHandler.Source, _ project: String? = nil) {
    guard seen.insert(RealPath.of(path)).inserted else { return }
    switch CappedFile.read(path, limit: Self.fileLimit) {
    case .missing: return
    case .unreadable(let reason): errors.append((path, reason))
    case .bytes(let bytes):
      guard !bytes.allSatisfy({ $0 <= 0x20 }) else { return }
      do {
        let value = try JSONValue(parsing: bytes)
        guard value["disableAllHooks"]?.boolValue != true, let hooks = value["hooks"], !hooks.isNull else {
          return
        }
        add(HookFile(hooks, path: path, source: source, project: project))
      } catch {
        errors.append((path, "\(error.message) at line \(error.line) column \(error.column)"))
      }
    }
  }

  private mutating func add(_ file: HookFile) {
    warnings += file.warnings
    let room = Self.limit - handlers.count
    if file.handlers.count > room {
      warnings.append("\(file.path): more than \(Self.limit) hooks; the rest never runs.")
    }
    handlers += file.handlers.prefix(room)
  }

  /// What the user said of each: `hooks.state."KEY"`, as in Codex. A project's hooks need a trusted project too.
  private mutating func settle(_ state: JSONObject, _ configuration: Configuration) {
    for index in handlers.indices {
      var handler = handlers[index]
      handler.order = index
      // Of a project that is not trusted nothing is looked at: it could name anything, as often as it likes.
      let isInert = handler.project.map { configuration.isTrusted(directory: $0) != true } ?? false
      handler.hash = Self.hash(handler, readsFiles: !isInert)
      let word = state[handler.key]
      if let agreed = word?["trusted_hash"]?.stringValue, !handler.hash.isEmpty {
        handler.trust = agreed == handler.hash ? .trusted : .modified
      }
      if isInert { handler.trust = .untrusted } else { warn(of: handler) }
      handler.isEnabled = word?["enabled"]?.boolValue ?? true
      handlers[index] = handler
    }
  }

  /// What is wrong with a hook that the user may agree to.
  private mutating func warn(of handler: HookHandler) {
    if handler.hash.isEmpty {
      warnings.append(
        "\(handler.path): what `\(handler.shownCommand)` runs is too much to be watched; it never runs.")
    }
    guard let matcher = handler.matcher, let fault = HookMatcher.fault(matcher) else { return }
    let text =
      "\(handler.path): the matcher \(matcher) of \(handler.event.rawValue) \(fault); it counts as `*`."
    if !warnings.contains(text) { warnings.append(text) }
  }

  /// All that decides what runs and when; of a project also the files that the command names, for the project can
  /// change them without a word. Empty when they are too many or too large.
  static func hash(_ handler: HookHandler, readsFiles: Bool = true) -> String {
    var files: [(String, JSONValue)] = []
    if readsFiles, let project = handler.project {
      for path in HookFiles(project: project, root: handler.root ?? project).named(by: handler) {
        guard case .bytes(let bytes) = CappedFile.read(path, limit: HookFiles.bytesLimit) else { continue }
        guard bytes.count < HookFiles.bytesLimit, files.count < HookFiles.limit else { return "" }
        files.append((path, .string(SHA256.hash(bytes).hex)))
      }
    }
    let entry: JSONValue = [
      "key": .string(handler.key), "matcher": handler.matcher.map(JSONValue.string) ?? .null,
      "if": handler.condition.map(JSONValue.string) ?? .null, "command": .string(handler.command),
      "args": .array((handler.arguments ?? []).map(JSONValue.string)),
      "timeout": JSONValue(handler.timeoutSeconds), "async": .bool(handler.isAsync),
      "files": .object(JSONObject(files)),
    ]
    return "sha256:\(SHA256.hash(entry.sortedKeys().serialized()).hex)"
  }
}
