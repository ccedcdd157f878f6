import StetHash
import StetJSON

/// One source of settings. Later layers win, member by member; lists and other values are replaced whole.
public struct ConfigLayer: Hashable, Sendable {
  public enum Source: Hashable, Sendable {
    /// The user's `config.toml`.
    case user(file: String)
    /// A `.stet/config.toml` of a trusted project.
    case project(file: String)
    /// A `[profiles.NAME]` of the user's file.
    case profile(name: String, file: String)
    /// `-c key=value`.
    case commandLine
    /// The `config` member of thread/start.
    case session

    /// What messages call it.
    public var name: String {
      switch self {
      case .user(let file), .project(let file), .profile(_, let file): return file
      case .commandLine: return "-c"
      case .session: return "config of the thread"
      }
    }
  }

  public let source: Source
  public let values: JSONValue
  /// `sha256:` and the hash of the file, or of the values if there is none.
  public let version: String
  let outline: TOMLOutline?
  /// Where the values stand within the file's tree.
  let prefix: [String]

  init(
    _ source: Source, _ values: JSONObject, version: String? = nil, outline: TOMLOutline? = nil,
    prefix: [String] = []
  ) {
    self.source = source
    self.values = .object(values)
    self.version = version ?? Self.version(of: JSONValue.object(values).sortedKeys().serialized())
    self.outline = outline
    self.prefix = prefix
  }

  static func version(of bytes: [UInt8]) -> String { "sha256:\(SHA256.hash(bytes).hex)" }

  /// Whether this layer sets the key or something below it.
  func holds(_ path: [String]) -> Bool { Self.value(values, path) != nil }

  /// The place of a key, as an error.
  func error(at path: [String], _ message: String, advice: String) -> ConfigurationError {
    let place = outline?.position(of: prefix + path) ?? (line: 0, column: 0)
    return ConfigurationError(
      .value, file: source.name, line: place.line, column: place.column, message, advice: advice)
  }

  static func value(_ root: JSONValue, _ path: [String]) -> JSONValue? {
    var value: JSONValue? = root
    for part in path { value = value?[part] }
    return value
  }

  public static func == (left: ConfigLayer, right: ConfigLayer) -> Bool {
    left.source == right.source && left.version == right.version && left.values == right.values
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(source)
    hasher.combine(version)
  }
}

extension JSONObject {
  /// Lays another object over this one; null takes a member away.
  mutating func merge(_ other: JSONObject) {
    for (key, value) in other {
      if value.isNull {
        self[key] = nil
      } else if case .object(let inner) = value {
        var mine = self[key]?.objectValue ?? JSONObject()
        mine.merge(inner)
        self[key] = .object(mine)
      } else {
        self[key] = value
      }
    }
  }

  /// Sets a member at any depth, making objects on the way.
  mutating func set(_ path: ArraySlice<String>, _ value: JSONValue) {
    guard let first = path.first else { return }
    if path.count == 1 {
      self[first] = value
    } else {
      var inner = self[first]?.objectValue ?? JSONObject()
      inner.set(path.dropFirst(), value)
      self[first] = .object(inner)
    }
  }
}
