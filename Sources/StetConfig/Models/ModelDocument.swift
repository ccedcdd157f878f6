import Glibc
import StetJSON

/// One model table as it was read: wires, providers and model entries, with what was wrong in it.
struct ModelDocument: Sendable {
  /// One `[[models]]`.
  struct Entry: Sendable {
    let patterns: [String]
    /// Empty: any provider.
    let providers: [String]
    /// Only on this wire; nil: on any.
    let wire: String?
    let values: JSONObject

    /// - Parameters:
    ///   - name: in lower case, without its organisation.
    ///   - whole: in lower case.
    func matches(name: String, whole: String) -> Bool {
      patterns.contains { pattern in
        fnmatch(pattern, pattern.utf8.contains(UInt8(ascii: "/")) ? whole : name, 0) == 0
      }
    }
  }

  private(set) var wires = JSONObject()
  /// In the order of the file.
  private(set) var providers = JSONObject()
  private(set) var entries: [Entry] = []
  private(set) var warnings: [ConfigWarning] = []

  /// Entries of one file: far above a complete table, below what slows each look-up down.
  static let entryLimit = 2_000

  init() {}

  /// Takes what is right; the rest becomes warnings with their lines.
  init(_ document: TOMLDocument) {
    for (key, value) in document.values {
      switch key {
      case "wires": wires = tables(value, ModelSchema.flags, [key], document)
      case "providers": providers = tables(value, ModelSchema.provider, [key], document)
      case "models": models(value, document)
      default: unknown([key], among: ["wires", "providers", "models"], document)
      }
    }
  }

  // MARK: - Parts

  private mutating func tables(
    _ value: JSONValue, _ shapes: [String: ConfigShape], _ path: [String], _ document: TOMLDocument
  ) -> JSONObject {
    var kept = JSONObject()
    let all = value.objectValue ?? JSONObject()
    for name in Self.names(path, all, document.outline) {
      guard let table = all[name] else { continue }
      if let object = table.objectValue {
        kept[name] = .object(members(object, shapes, path + [name], document))
      } else {
        warn(path + [name], "\(name) must be a table.", document)
      }
    }
    return kept
  }

  /// The members in the order of the file: the library sorts them.
  private static func names(_ path: [String], _ tables: JSONObject, _ outline: TOMLOutline) -> [String] {
    var seen: Set<String> = []
    let written = outline.statements.lazy.filter { $0.path.count > path.count && $0.path.starts(with: path) }
      .map { $0.path[path.count] }
    return (Array(written) + tables.keys).filter { seen.insert($0).inserted }
  }

  private mutating func models(_ value: JSONValue, _ document: TOMLDocument) {
    guard let list = value.arrayValue else {
      return warn(["models"], "Write each model entry as a table under [[models]].", document)
    }
    for (index, element) in list.enumerated().prefix(Self.entryLimit) {
      let path = ["models", String(index)]
      guard let object = element.objectValue else { continue }
      let values = members(object, ModelSchema.model, path, document)
      let patterns = Self.list(values["match"])
      if patterns.isEmpty {
        warn(path, "This entry has no match, so it counts for no model.", document)
        continue
      }
      entries.append(
        Entry(
          patterns: patterns.map { $0.lowercased() }, providers: Self.list(values["provider"]),
          wire: values["on_wire"]?.stringValue, values: values))
    }
    if list.count > Self.entryLimit {
      warn(["models"], "Only the first \(Self.entryLimit) entries count.", document)
    }
  }

  private mutating func members(
    _ object: JSONObject, _ shapes: [String: ConfigShape], _ path: [String], _ document: TOMLDocument
  ) -> JSONObject {
    var kept = JSONObject()
    for (key, value) in object {
      let place = path + [key]
      guard let shape = shapes[key] else {
        unknown(place, among: Array(shapes.keys), document)
        continue
      }
      guard shape.fits(value) else {
        warn(place, "\(key) must be \(shape.description), but is \(value.kindDescription).", document)
        continue
      }
      if case .table(let inner) = shape, let table = value.objectValue {
        kept[key] = .object(members(table, inner, place, document))
      } else {
        kept[key] = value
      }
    }
    return kept
  }

  private mutating func unknown(_ path: [String], among known: [String], _ document: TOMLDocument) {
    let key = path.last ?? ""
    let near = NearestKey.find(key, among: known)
    warn(path, "Unknown key \(key)" + (near.map { ": did you mean \($0)?" } ?? "; it is ignored."), document)
  }

  private mutating func warn(_ path: [String], _ message: String, _ document: TOMLDocument) {
    let line = document.outline.position(of: path).line
    warnings.append(
      ConfigWarning(message, key: TOMLText.key(path), file: document.file, line: line))
  }

  private static func list(_ value: JSONValue?) -> [String] {
    value?.stringValue.map { [$0] } ?? value?.arrayValue?.compactMap(\.stringValue) ?? []
  }
}
